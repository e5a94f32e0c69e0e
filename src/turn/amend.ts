import type { EventRow } from "./journal.ts";
import { upgradePayload } from "./journal-upgrade.ts";

interface Amendment {
  message?: number;
  content?: { text?: string };
}

/**
 * Applies edits and deletions to messages that are still pending: a changed message is handled with its latest text,
 * and one taken back as withdrawn. The edit and delete events stay, for the transcript, and are marked as early, since
 * nothing else is left to do for them.
 */
export function amend(pending: readonly EventRow[]): EventRow[] {
  const rows = [...pending];
  for (const [at, row] of pending.entries()) {
    if (row.kind !== "edit" && row.kind !== "delete") continue;
    const { message, content } = readAmendment(row);
    if (message === undefined) continue;
    const target = rows.findIndex((one, place) => place < at && one.kind === "message" && messageOf(one) === message);
    const before = rows[target];
    if (before === undefined) continue;
    rows[target] = row.kind === "delete" ? asWithdrawn(before) : withText(before, content?.text ?? "");
    rows[at] = { ...row, payload: { ...readAmendment(row), content: { ...content, early: true } } };
  }
  return rows;
}

const messageOf = (row: EventRow): number | undefined => readAmendment(row).message;

/** Reads the fields needed here; an unreadable row is quarantined when it is handled. */
function readAmendment({ kind, payload }: EventRow): Amendment {
  const read = upgradePayload(kind, payload);
  return typeof read === "object" && read !== null ? read : {};
}

const asWithdrawn = (row: EventRow): EventRow => ({ ...row, kind: "withdrawn", payload: { message: messageOf(row) } });

const withText = (row: EventRow, text: string): EventRow => {
  const payload = readAmendment(row);
  return { ...row, payload: { ...payload, content: { ...payload.content, text } } };
};
