/**
 * Words of operators on their way to the customer.
 *
 * 1. The reply rule: in a case's thread a message reaches the customer only if its author has claimed the case.
 * 2. What has left can't be taken back, so it waits a moment (`undoMs`) in which it can be changed or stopped.
 * 3. Words that may have been meant for a colleague are held back, and their author is asked.
 * 4. What begins with a note mark stays inside, whichever way it was to be sent (note-mark.ts).
 * 5. Words leave in the order in which they were written, whichever moment is over first.
 * 6. None leave while the customer has opted out.
 */
import type { DeskCommand } from "../../../adapter/inbound.ts";
import type { Operator } from "../../../domain/case.ts";
import { addressed } from "../about.ts";
import {
  cancelAlarm,
  change,
  changeCase,
  hint,
  line,
  setAlarm,
  showDeliveryStatus,
  type TransitionContext,
  tellCustomer,
  tellDesk,
} from "../context.ts";
import { isHeld } from "../policy.ts";
import type { CaseState, PendingReply } from "../state.ts";
import { askForFile } from "./files.ts";
import { heldBack } from "./internal-content.ts";
import { isNote } from "./note-mark.ts";
import { keepUnsent } from "./opted-out.ts";
import { customerOf, dropPending, findPending, putPending, tooManyUnsent } from "./pending.ts";

type Said = Extract<DeskCommand, { kind: "say" }>;

/** Written in the thread without saying for whom. `outsider`: why what they write stays inside; null: it may leave. */
export function say(
  draft: TransitionContext,
  operator: Operator,
  { said, outsider }: { said: Said; outsider: string | null },
): void {
  const before = draft.state.case;
  // Not on the card, so it is not shown anew for it.
  if (before !== null) change(draft, { case: { ...before, lastSpeaker: operator.id } });
  const mine = before?.holder?.id === operator.id && before.held;
  const withdrawn = said.ref !== undefined && before?.withdrawn.includes(said.ref) === true;
  if (!mine || withdrawn || outsider !== null || isNote(said.text)) {
    keepInside(draft, operator, said);
    if (isNote(said.text)) return;
    if (outsider !== null) return hint(draft, operator.id, `Kept inside: ${outsider}`);
    return hint(draft, operator.id, mine ? CAME_LATE : insideBecause(before));
  }
  const words = wordsOf(draft, operator, said);
  if (words.text.trim() === "" && words.files.length === 0)
    return hint(draft, operator.id, "There is nothing to send.");
  if (draft.state.optedOut !== null) return keepUnsent(draft, words);
  const reason = heldBack(before, {
    operator,
    text: said.text,
    mentions: said.mentions === true,
    hosts: draft.catalog.internalHosts,
  });
  if (reason !== null) return hold(draft, words, reason);
  auditReply(draft, operator, words);
  if (draft.catalog.undoMs === 0 || tooManyUnsent(before, words)) return leave(draft, words);
  leaveSoon(draft, words);
}

const CAME_LATE = "Kept inside: you changed or deleted this before it came here. Write it again to send it.";

const MARKED = "Kept inside: it begins with a note mark. Write it again without the mark to send it.";

function wordsOf(draft: TransitionContext, operator: Operator, { text, ref, shown, files }: Said): PendingReply {
  const named = ref ?? `e${draft.event.id}`;
  return { ref: named, operator, text, files: files ?? [], stage: "leaving", shown: shown === true, parts: 0 };
}

function keepInside(draft: TransitionContext, operator: Operator, { text, shown }: Said): void {
  line(draft, "desk.note", `${operator.name} wrote a note, which stays inside`);
  if (shown !== true) tellDesk(draft, { kind: "note", author: operator.name, text, internal: true });
}

/** Why a message in the thread stays inside. */
export function insideBecause(open: CaseState | null): string {
  if (open === null) return "There is no case yet. Take over to write to the customer.";
  if (!open.held) return "Kept inside: this case is not with people now. Take over to write to the customer.";
  if (open.holder === null) return "Kept inside: nobody has claimed this case. Claim it to write to the customer.";
  return `Kept inside: ${open.holder.name} holds this case. Press “Reply to customer” to write all the same.`;
}

/** Explicitly for the customer, so nothing but what was written before is waited for; a note mark says the opposite (4). */
export function replyFromDialog(draft: TransitionContext, operator: Operator, text: string): void {
  if (isNote(text)) {
    keepInside(draft, operator, { kind: "say", text });
    return hint(draft, operator.id, MARKED);
  }
  const words = wordsOf(draft, operator, { kind: "say", text });
  if (draft.state.optedOut !== null) return keepUnsent(draft, words);
  auditReply(draft, operator, words);
  leave(draft, words);
}

export function auditReply(draft: TransitionContext, operator: Operator, { text, files }: PendingReply): void {
  line(draft, "desk.reply", `${operator.name} answered the customer`);
  const after = { characters: text.length, ...(files.length > 0 ? { files: files.length } : {}) };
  draft.audits.push({ operator: operator.id, action: "reply", before: null, after });
}

/** To the customer, after what was written before (5). */
export function leave(draft: TransitionContext, words: PendingReply): void {
  const open = draft.state.case;
  if (open !== null && tooManyUnsent(open, words)) {
    leaveAll(draft);
    return relay(draft, words);
  }
  putPending(draft, { ...words, stage: "due" });
  relayDue(draft);
  if (findPending(draft, words.ref)?.stage !== "due") return;
  if (!words.shown) showWords(draft, words);
  putPending(draft, { ...words, stage: "due", shown: true });
  const message = `→ ${customerOf(draft)}: leaves as soon as what was written before it has.`;
  showDeliveryStatus(draft, { ref: words.ref, message, question: null });
}

function leaveSoon(draft: TransitionContext, words: PendingReply): void {
  const { event, catalog } = draft;
  if (!words.shown) showWords(draft, words);
  putPending(draft, { ...words, shown: true });
  setAlarm(draft, { kind: "undo", ref: words.ref }, new Date(event.at.getTime() + catalog.undoMs));
  const seconds = Math.ceil(catalog.undoMs / 1_000);
  const message = `→ ${customerOf(draft)}: leaves in ${seconds} s. Edit or delete your message to change or stop it.`;
  showDeliveryStatus(draft, { ref: words.ref, message, question: null });
}

function showWords(draft: TransitionContext, { ref, operator, text }: PendingReply): void {
  tellDesk(draft, { kind: "reply", author: operator.name, text, internal: false, ref });
}

function hold(draft: TransitionContext, words: PendingReply, reason: string): void {
  const open = draft.state.case;
  line(draft, "desk.held", `Held back from the customer: ${reason}`);
  if (open === null) return;
  if (!words.shown)
    tellDesk(draft, { kind: "note", author: words.operator.name, text: words.text, internal: true, ref: words.ref });
  if (tooManyUnsent(open, words)) {
    return hint(draft, words.operator.id, `Kept inside: ${reason}. Too many unsent replies: decide about those first.`);
  }
  putPending(draft, { ...words, shown: true, stage: "on_hold" });
  showDeliveryStatus(draft, { ref: words.ref, message: `Not sent yet: ${reason}.`, question: "on_hold" });
}

/** The moment for taking it back is over. */
export function onUndoOver(draft: TransitionContext, ref: string): void {
  const words = findPending(draft, ref);
  if (words?.stage !== "leaving") return line(draft, "alarm.late", "What was to leave has left, or was taken back");
  putPending(draft, { ...words, stage: "due" });
  relayDue(draft);
}

/** In the order in which they were written (5). */
export function relayDue(draft: TransitionContext): void {
  for (const words of draft.state.case?.words ?? []) {
    if (words.stage === "leaving") return;
    if (words.stage === "due") relay(draft, words);
  }
}

/** Words that wait to leave can't be taken back: the case goes on elsewhere. Words that were held back stay inside. */
export function settleWords(draft: TransitionContext): void {
  leaveAll(draft);
  for (const words of draft.state.case?.words ?? []) {
    if (words.stage === "on_hold") dropPending(draft, words, "Kept inside: the case went on without it.");
    if (words.stage === "correction") leaveOld(draft, words);
  }
}

export function leaveAll(draft: TransitionContext): void {
  for (const words of draft.state.case?.words ?? []) {
    if (words.stage !== "leaving" && words.stage !== "due") continue;
    cancelAlarm(draft, { kind: "undo", ref: words.ref });
    relay(draft, words);
  }
}

/** To the customer, now: the text, and then the files, each as soon as it was fetched. */
function relay(draft: TransitionContext, words: PendingReply): void {
  const { ref, operator, text, files, shown } = words;
  const speaker = { kind: "notice", author: "operator", authorName: operator.name, words: { ref, shown } } as const;
  addressed(draft);
  const parts = text.trim() === "" ? 0 : tellCustomer(draft, { text, trusted: true }, speaker);
  for (const file of files)
    askForFile(draft, draft.catalog.deskChannel, { file, of: { kind: "operator", operator, shown } });
  if (parts === 0)
    showDeliveryStatus(draft, {
      ref,
      message: `→ ${customerOf(draft)}: what became of the file stands below.`,
      question: null,
    });
  putPending(draft, { ...words, text: "", files: [], stage: "sent", shown: true, parts });
  if (isHeld(draft.state)) changeCase(draft, { status: "waiting for the customer", waitingSince: null });
}

export const HAS_OLD_TEXT = "The customer has the old text.";

/** Words that were changed after they had left stay as the customer has them. */
export function leaveOld(draft: TransitionContext, words: PendingReply): void {
  putPending(draft, { ...words, text: "", stage: "sent" });
  showDeliveryStatus(draft, { ref: words.ref, message: HAS_OLD_TEXT, question: null });
}
