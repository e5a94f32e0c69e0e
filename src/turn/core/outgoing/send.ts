/**
 * Words of operators on their way to the customer.
 *
 * 1. The reply rule: in a case's thread a message reaches the customer only if its author has claimed the case.
 * 2. A sent message can't be taken back, so words wait for `undoMs`, in which they can be changed or stopped.
 * 3. Words that may have been meant for a colleague are put on hold, and their author is asked.
 * 4. Words that begin with a note mark stay inside, whichever way they were to be sent (note-mark.ts).
 * 5. Words leave in the order in which they were written, whichever wait ends first.
 * 6. None leave while the customer has opted out.
 */
import type { DeskCommand } from "../../../adapter/inbound.ts";
import type { Operator } from "../../../domain/case.ts";
import { recordFirstReply } from "../about.ts";
import { isHeld } from "../bot-policy.ts";
import {
  cancelAlarm,
  change,
  changeCase,
  hint,
  line,
  setAlarm,
  type TransitionContext,
  tellCustomer,
  tellDeliveryStatus,
  tellDesk,
} from "../context.ts";
import type { CaseState, PendingReply } from "../state.ts";
import { askForFile } from "./files.ts";
import { holdReason } from "./internal-content.ts";
import { isNote } from "./note-mark.ts";
import { keepUnsent } from "./opted-out.ts";
import { dropPending, findPending, putPending, recipientLabel, tooManyUnsent } from "./pending.ts";

type SayCommand = Extract<DeskCommand, { kind: "say" }>;

/** Handles a message in the thread. `outsider`: reason why the operator's words stay inside; null: they may leave. */
export function sayInThread(
  context: TransitionContext,
  operator: Operator,
  { said, outsider }: { said: SayCommand; outsider: string | null },
): void {
  const before = context.state.case;
  // Not shown on the card, so the card is not updated.
  if (before !== null) change(context, { case: { ...before, lastSpeaker: operator.id } });
  const mine = before?.holder?.id === operator.id && before.held;
  const withdrawn = said.ref !== undefined && before?.withdrawn.includes(said.ref) === true;
  if (!mine || withdrawn || outsider !== null || isNote(said.text)) {
    keepInside(context, operator, said);
    if (isNote(said.text)) return;
    if (outsider !== null) return hint(context, operator.id, `Kept inside: ${outsider}`);
    return hint(context, operator.id, mine ? CAME_LATE : keptInsideReason(before));
  }
  const words = pendingReply(context, operator, said);
  if (words.text.trim() === "" && words.files.length === 0)
    return hint(context, operator.id, "There is nothing to send.");
  if (context.state.optedOut !== null) return keepUnsent(context, words);
  const reason = holdReason(before, {
    operator,
    text: said.text,
    mentions: said.mentions === true,
    hosts: context.catalog.internalHosts,
  });
  if (reason !== null) return putOnHold(context, words, reason);
  auditReply(context, operator, words);
  if (context.catalog.undoMs === 0 || tooManyUnsent(before, words)) return sendInOrder(context, words);
  sendAfterUndo(context, words);
}

const CAME_LATE = "Kept inside: you changed or deleted this before it came here. Write it again to send it.";

const MARKED = "Kept inside: it begins with a note mark. Write it again without the mark to send it.";

function pendingReply(
  context: TransitionContext,
  operator: Operator,
  { text, ref, shown, files }: SayCommand,
): PendingReply {
  const named = ref ?? `e${context.event.id}`;
  return { ref: named, operator, text, files: files ?? [], stage: "leaving", shown: shown === true, parts: 0 };
}

function keepInside(context: TransitionContext, operator: Operator, { text, shown }: SayCommand): void {
  line(context, "desk.note", `${operator.name} wrote a note, which stays inside`);
  if (shown !== true) tellDesk(context, { kind: "note", author: operator.name, text, internal: true });
}

/** Reason why a message in the thread stays inside. */
export function keptInsideReason(open: CaseState | null): string {
  if (open === null) return "There is no case yet. Take over to write to the customer.";
  if (!open.held) return "Kept inside: this case is not with people now. Take over to write to the customer.";
  if (open.holder === null) return "Kept inside: nobody has claimed this case. Claim it to write to the customer.";
  return `Kept inside: ${open.holder.name} holds this case. Press “Reply to customer” to write anyway.`;
}

/**
 * Sends a reply written in a dialog for the customer, right after what was written before; a note mark keeps it inside
 * (4).
 */
export function replyFromDialog(context: TransitionContext, operator: Operator, text: string): void {
  if (isNote(text)) {
    keepInside(context, operator, { kind: "say", text });
    return hint(context, operator.id, MARKED);
  }
  const words = pendingReply(context, operator, { kind: "say", text });
  if (context.state.optedOut !== null) return keepUnsent(context, words);
  auditReply(context, operator, words);
  sendInOrder(context, words);
}

export function auditReply(context: TransitionContext, operator: Operator, { text, files }: PendingReply): void {
  line(context, "desk.reply", `${operator.name} answered the customer`);
  const after = { characters: text.length, ...(files.length > 0 ? { files: files.length } : {}) };
  context.audits.push({ operator: operator.id, action: "reply", before: null, after });
}

/** Sends words after those written before (5). */
export function sendInOrder(context: TransitionContext, words: PendingReply): void {
  const open = context.state.case;
  if (open !== null && tooManyUnsent(open, words)) {
    sendAllPending(context);
    return sendNow(context, words);
  }
  putPending(context, { ...words, stage: "due" });
  sendDue(context);
  if (findPending(context, words.ref)?.stage !== "due") return;
  if (!words.shown) showAtDesk(context, words);
  putPending(context, { ...words, stage: "due", shown: true });
  const message = `→ ${recipientLabel(context)}: leaves after what was written before it.`;
  tellDeliveryStatus(context, { ref: words.ref, message, question: null });
}

function sendAfterUndo(context: TransitionContext, words: PendingReply): void {
  const { event, catalog } = context;
  if (!words.shown) showAtDesk(context, words);
  putPending(context, { ...words, shown: true });
  setAlarm(context, { kind: "undo", ref: words.ref }, new Date(event.at.getTime() + catalog.undoMs));
  const seconds = Math.ceil(catalog.undoMs / 1_000);
  const message = `→ ${recipientLabel(context)}: leaves in ${seconds} s. Edit or delete your message to change or stop it.`;
  tellDeliveryStatus(context, { ref: words.ref, message, question: null });
}

function showAtDesk(context: TransitionContext, { ref, operator, text }: PendingReply): void {
  tellDesk(context, { kind: "reply", author: operator.name, text, internal: false, ref });
}

function putOnHold(context: TransitionContext, words: PendingReply, reason: string): void {
  const open = context.state.case;
  line(context, "desk.held", `Put on hold: ${reason}`);
  if (open === null) return;
  if (!words.shown)
    tellDesk(context, { kind: "note", author: words.operator.name, text: words.text, internal: true, ref: words.ref });
  if (tooManyUnsent(open, words)) {
    return hint(
      context,
      words.operator.id,
      `Kept inside: ${reason}. Too many unsent replies: decide about those first.`,
    );
  }
  putPending(context, { ...words, shown: true, stage: "on_hold" });
  tellDeliveryStatus(context, { ref: words.ref, message: `Not sent yet: ${reason}.`, question: "on_hold" });
}

/** The time for taking words back is over. */
export function onUndoOver(context: TransitionContext, ref: string): void {
  const words = findPending(context, ref);
  if (words?.stage !== "leaving") return line(context, "alarm.late", "The reply was sent or taken back already");
  putPending(context, { ...words, stage: "due" });
  sendDue(context);
}

/** Sends due words in the order in which they were written (5). */
export function sendDue(context: TransitionContext): void {
  for (const words of context.state.case?.words ?? []) {
    if (words.stage === "leaving") return;
    if (words.stage === "due") sendNow(context, words);
  }
}

/**
 * Settles all words before the case goes on elsewhere: those that wait to leave are sent now, those on hold stay
 * inside.
 */
export function settlePending(context: TransitionContext): void {
  sendAllPending(context);
  for (const words of context.state.case?.words ?? []) {
    if (words.stage === "on_hold") dropPending(context, words, "Kept inside: the case went on without it.");
    if (words.stage === "correction") keepOldText(context, words);
  }
}

export function sendAllPending(context: TransitionContext): void {
  for (const words of context.state.case?.words ?? []) {
    if (words.stage !== "leaving" && words.stage !== "due") continue;
    cancelAlarm(context, { kind: "undo", ref: words.ref });
    sendNow(context, words);
  }
}

/** Sends the text now, and each file as soon as it is fetched. */
function sendNow(context: TransitionContext, words: PendingReply): void {
  const { ref, operator, text, files, shown } = words;
  const speaker = { kind: "notice", author: "operator", authorName: operator.name, words: { ref, shown } } as const;
  recordFirstReply(context);
  const parts = text.trim() === "" ? 0 : tellCustomer(context, { text, trusted: true }, speaker);
  for (const file of files)
    askForFile(context, context.catalog.deskChannel, { file, of: { kind: "operator", operator, shown } });
  if (parts === 0)
    tellDeliveryStatus(context, {
      ref,
      message: `→ ${recipientLabel(context)}: see below for the file.`,
      question: null,
    });
  putPending(context, { ...words, text: "", files: [], stage: "sent", shown: true, parts });
  if (isHeld(context.state)) changeCase(context, { status: "waiting for the customer", waitingSince: null });
}

export const HAS_OLD_TEXT = "The customer has the old text.";

/** Leaves sent words as the customer has them, although they were changed here. */
export function keepOldText(context: TransitionContext, words: PendingReply): void {
  putPending(context, { ...words, text: "", stage: "sent" });
  tellDeliveryStatus(context, { ref: words.ref, message: HAS_OLD_TEXT, question: null });
}
