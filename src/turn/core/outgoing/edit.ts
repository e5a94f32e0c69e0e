/** Operators' edits, deletions and decisions about their words, before and after these have left. */
import type { DeskCommand } from "../../../adapter/desk-command.ts";
import type { Operator } from "../../../domain/case.ts";
import { sentencesFor } from "../../../workflow/sentences/sentences.ts";
import {
  cancelAlarm,
  channelOf,
  hint,
  line,
  setAlarm,
  type TransitionContext,
  tellChannel,
  tellCustomer,
  tellDeliveryStatus,
} from "../context.ts";
import { languagesOf } from "../facts.ts";
import type { PendingReply } from "../state.ts";
import { holdReason } from "./internal-content.ts";
import { isNote } from "./note-mark.ts";
import { dropPending, findPending, putPending, recipientLabel, tooManyUnsent, withdraw } from "./pending.ts";
import {
  auditReply,
  HAS_OLD_TEXT,
  keepOldText,
  keptInsideReason,
  sendAllPending,
  sendDue,
  sendInOrder,
} from "./send.ts";

type EditCommand = Extract<DeskCommand, { kind: "edit" }>;

/** An operator edited a message of theirs in the thread. */
export function onEdit(context: TransitionContext, operator: Operator, edited: EditCommand): void {
  const words = findPending(context, edited.ref);
  if (words === null) withdraw(context, edited.ref);
  if (words === null || words.operator.id !== operator.id) return line(context, "desk.edit", "A note was changed");
  if (words.stage === "on_hold" || words.stage === "leaving" || words.stage === "due")
    return editPending(context, words, edited);
  editSent(context, { ...words, text: "", stage: "sent" }, edited);
}

function editPending(context: TransitionContext, words: PendingReply, edited: EditCommand): void {
  const { text } = edited;
  line(context, "desk.edit", `${words.operator.name} changed words before they left`);
  if (isNote(text) || text.trim() === "") return cancelPending(context, words, "Kept inside: it is a note now.");
  const open = context.state.case;
  const changed = { ...words, text, stage: words.stage === "on_hold" ? "on_hold" : "leaving" } as const;
  const tooMuch = open !== null && tooManyUnsent(open, changed);
  if (changed.stage === "on_hold" && tooMuch)
    return dropPending(context, words, "Kept inside: too many unsent replies.");
  putPending(context, changed);
  if (changed.stage === "on_hold") return;
  const reason = editHoldReason(context, words.operator, edited);
  if (tooMuch && reason === null) return sendAllPending(context);
  if (tooMuch) return cancelPending(context, words, `Kept inside: ${reason}, and there are too many unsent replies.`);
  if (reason === null)
    return setAlarm(
      context,
      { kind: "undo", ref: words.ref },
      new Date(context.event.at.getTime() + context.catalog.undoMs),
    );
  cancelAlarm(context, { kind: "undo", ref: words.ref });
  putPending(context, { ...changed, stage: "on_hold" });
  tellDeliveryStatus(context, { ref: words.ref, message: `Not sent yet: ${reason}.`, question: "on_hold" });
  sendDue(context);
}

/** Reason to hold edited words, by their text alone: the previous speaker was checked when they were written. */
function editHoldReason(
  context: TransitionContext,
  operator: Operator,
  { text, mentions }: EditCommand,
): string | null {
  const { case: open } = context.state;
  const written = { operator, text, mentions: mentions === true, hosts: context.catalog.internalHosts };
  return open === null ? null : holdReason({ ...open, lastSpeaker: null }, written);
}

/** Edits the sent message where the channel can; else asks the operator about a correction. */
function editSent(context: TransitionContext, words: PendingReply, edited: EditCommand): void {
  const { text } = edited;
  const { case: open } = context.state;
  const asked = { ...words, text, stage: "correction" } as const;
  const unwanted = context.state.optedOut !== null || text.trim() === "" || isNote(text);
  if (unwanted || (open !== null && tooManyUnsent(open, asked))) return keepOldText(context, words);
  const { can, measure } = channelOf(context);
  const fits = words.parts === 1 && measure(text) <= can.text.max;
  if (can.edit === "native" && fits && editHoldReason(context, words.operator, edited) === null) {
    line(context, "desk.edit", `${words.operator.name} changed what the customer reads`);
    tellChannel(context, { kind: "edited", ref: words.ref, text, trusted: true });
    return tellDeliveryStatus(context, {
      ref: words.ref,
      message: `→ ${recipientLabel(context)}: changed there too.`,
      question: null,
    });
  }
  line(context, "desk.edit", `${words.operator.name} changed words that the customer has already`);
  putPending(context, asked);
  tellDeliveryStatus(context, { ref: words.ref, message: HAS_OLD_TEXT, question: "correction" });
}

/** An operator deleted a message of theirs in the thread. */
export function onDelete(context: TransitionContext, operator: Operator, ref: string): void {
  const words = findPending(context, ref);
  if (words === null) withdraw(context, ref);
  if (words === null || words.operator.id !== operator.id) return line(context, "desk.delete", "A note was deleted");
  line(context, "desk.delete", `${operator.name} took back what they had written`);
  if (words.stage === "sent" || words.stage === "correction") {
    putPending(context, { ...words, text: "", stage: "sent" });
    return tellDeliveryStatus(context, { ref, message: "Deleted here; the customer still has it.", question: null });
  }
  cancelPending(context, words, "Not sent: it was taken back.");
}

/** The operator's decision about words on hold, or about a correction. */
export function onDecision(
  context: TransitionContext,
  operator: Operator,
  { ref, send }: { ref: string; send: boolean },
): void {
  const words = findPending(context, ref);
  if (words === null || (words.stage !== "on_hold" && words.stage !== "correction")) {
    return hint(context, operator.id, "This has been decided already.");
  }
  if (words.operator.id !== operator.id) {
    return hint(context, operator.id, `${words.operator.name} wrote this, so only ${words.operator.name} can decide.`);
  }
  if (words.stage === "correction") return send ? sendCorrection(context, words) : keepOldText(context, words);
  if (!send) return dropPending(context, words, "Kept inside.");
  const open = context.state.case;
  if (open?.holder?.id !== operator.id || !open.held) return hint(context, operator.id, keptInsideReason(open));
  auditReply(context, operator, words);
  sendInOrder(context, words);
}

function sendCorrection(context: TransitionContext, words: PendingReply): void {
  const { operator, text } = words;
  line(context, "desk.correction", `${operator.name} sent a correction`);
  context.audits.push({ operator: operator.id, action: "correct", before: null, after: { characters: text.length } });
  const corrected = sentencesFor(languagesOf(context.state.contact)).correction(text);
  const named = { ref: words.ref, shown: true };
  tellCustomer(
    context,
    { text: corrected, trusted: true },
    { kind: "notice", author: "operator", authorName: operator.name, words: named },
  );
  putPending(context, { ...words, text: "", stage: "sent", parts: 0 });
}

/** Drops words, and sends those that waited behind them. */
function cancelPending(context: TransitionContext, words: PendingReply, message: string): void {
  dropPending(context, words, message);
  sendDue(context);
}
