/**
 * Operators change, take back and decide about words of theirs: before these have left, and after.
 */
import type { DeskCommand } from "../../../adapter/desk-command.ts";
import type { Operator } from "../../../domain/case.ts";
import {
  cancelAlarm,
  channelOf,
  hint,
  line,
  setAlarm,
  showDeliveryStatus,
  type TransitionContext,
  tellChannel,
  tellCustomer,
} from "../context.ts";
import { languagesOf } from "../facts.ts";
import type { PendingReply } from "../state.ts";
import { wordsFor } from "../words.ts";
import { heldBack } from "./internal-content.ts";
import { isNote } from "./note-mark.ts";
import { customerOf, dropPending, findPending, putPending, tooManyUnsent, withdraw } from "./pending.ts";
import { auditReply, HAS_OLD_TEXT, insideBecause, leave, leaveAll, leaveOld, relayDue } from "./send.ts";

type Edited = Extract<DeskCommand, { kind: "edit" }>;

/** An operator changed what they had written in the thread. */
export function onEdit(draft: TransitionContext, operator: Operator, edited: Edited): void {
  const words = findPending(draft, edited.ref);
  if (words === null) withdraw(draft, edited.ref);
  if (words === null || words.operator.id !== operator.id) return line(draft, "desk.edit", "A note was changed");
  if (words.stage === "on_hold" || words.stage === "leaving" || words.stage === "due")
    return changeWaiting(draft, words, edited);
  changeSent(draft, { ...words, text: "", stage: "sent" }, edited);
}

function changeWaiting(draft: TransitionContext, words: PendingReply, edited: Edited): void {
  const { text } = edited;
  line(draft, "desk.edit", `${words.operator.name} changed words before they left`);
  if (isNote(text) || text.trim() === "") return stop(draft, words, "Kept inside: it is a note now.");
  const open = draft.state.case;
  const changed = { ...words, text, stage: words.stage === "on_hold" ? "on_hold" : "leaving" } as const;
  const tooMuch = open !== null && tooManyUnsent(open, changed);
  if (changed.stage === "on_hold" && tooMuch) return dropPending(draft, words, "Kept inside: too many unsent replies.");
  putPending(draft, changed);
  if (changed.stage === "on_hold") return;
  const reason = internal(draft, words.operator, edited);
  if (tooMuch && reason === null) return leaveAll(draft);
  if (tooMuch) return stop(draft, words, `Kept inside: ${reason}, and there are too many unsent replies.`);
  if (reason === null)
    return setAlarm(draft, { kind: "undo", ref: words.ref }, new Date(draft.event.at.getTime() + draft.catalog.undoMs));
  cancelAlarm(draft, { kind: "undo", ref: words.ref });
  putPending(draft, { ...changed, stage: "on_hold" });
  showDeliveryStatus(draft, { ref: words.ref, message: `Not sent yet: ${reason}.`, question: "on_hold" });
  relayDue(draft);
}

/** Reason that speaks against changed words by themselves: who wrote before them was looked at when they were written. */
function internal(draft: TransitionContext, operator: Operator, { text, mentions }: Edited): string | null {
  const { case: open } = draft.state;
  const written = { operator, text, mentions: mentions === true, hosts: draft.catalog.internalHosts };
  return open === null ? null : heldBack({ ...open, lastSpeaker: null }, written);
}

/** Changes what was sent where the channel can; else the operator is asked about a correction. */
function changeSent(draft: TransitionContext, words: PendingReply, edited: Edited): void {
  const { text } = edited;
  const { case: open } = draft.state;
  const asked = { ...words, text, stage: "correction" } as const;
  const unwanted = draft.state.optedOut !== null || text.trim() === "" || isNote(text);
  if (unwanted || (open !== null && tooManyUnsent(open, asked))) return leaveOld(draft, words);
  const { can, measure } = channelOf(draft);
  const fits = words.parts === 1 && measure(text) <= can.text.max;
  if (can.edit === "native" && fits && internal(draft, words.operator, edited) === null) {
    line(draft, "desk.edit", `${words.operator.name} changed what the customer reads`);
    tellChannel(draft, { kind: "edited", ref: words.ref, text, trusted: true });
    return showDeliveryStatus(draft, {
      ref: words.ref,
      message: `→ ${customerOf(draft)}: changed there too.`,
      question: null,
    });
  }
  line(draft, "desk.edit", `${words.operator.name} changed words that the customer has already`);
  putPending(draft, asked);
  showDeliveryStatus(draft, { ref: words.ref, message: HAS_OLD_TEXT, question: "correction" });
}

/** An operator deleted what they had written in the thread. */
export function onDelete(draft: TransitionContext, operator: Operator, ref: string): void {
  const words = findPending(draft, ref);
  if (words === null) withdraw(draft, ref);
  if (words === null || words.operator.id !== operator.id) return line(draft, "desk.delete", "A note was deleted");
  line(draft, "desk.delete", `${operator.name} took back what they had written`);
  if (words.stage === "sent" || words.stage === "correction") {
    putPending(draft, { ...words, text: "", stage: "sent" });
    return showDeliveryStatus(draft, { ref, message: "Deleted here; the customer has it still.", question: null });
  }
  stop(draft, words, "Not sent: it was taken back.");
}

/** The operator's answer about words that were held back, or changed after they had left. */
export function onDecision(
  draft: TransitionContext,
  operator: Operator,
  { ref, send }: { ref: string; send: boolean },
): void {
  const words = findPending(draft, ref);
  if (words === null || (words.stage !== "on_hold" && words.stage !== "correction")) {
    return hint(draft, operator.id, "This has been decided already.");
  }
  if (words.operator.id !== operator.id) {
    return hint(draft, operator.id, `${words.operator.name} wrote this, so only ${words.operator.name} can decide.`);
  }
  if (words.stage === "correction") return send ? correct(draft, words) : leaveOld(draft, words);
  if (!send) return dropPending(draft, words, "Kept inside.");
  const open = draft.state.case;
  if (open?.holder?.id !== operator.id || !open.held) return hint(draft, operator.id, insideBecause(open));
  auditReply(draft, operator, words);
  leave(draft, words);
}

function correct(draft: TransitionContext, words: PendingReply): void {
  const { operator, text } = words;
  line(draft, "desk.correction", `${operator.name} sent a correction`);
  draft.audits.push({ operator: operator.id, action: "correct", before: null, after: { characters: text.length } });
  const corrected = wordsFor(languagesOf(draft.state.contact)).correction(text);
  const named = { ref: words.ref, shown: true };
  tellCustomer(
    draft,
    { text: corrected, trusted: true },
    { kind: "notice", author: "operator", authorName: operator.name, words: named },
  );
  putPending(draft, { ...words, text: "", stage: "sent", parts: 0 });
}

/** They do not leave, and hold up nothing any more. */
function stop(draft: TransitionContext, words: PendingReply, message: string): void {
  dropPending(draft, words, message);
  relayDue(draft);
}
