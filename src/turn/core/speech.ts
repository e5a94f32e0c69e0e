/**
 * What operators write on its way to the customer.
 *
 * 1. The reply rule: in a case's thread a message reaches the customer only if its author has claimed the case.
 * 2. What has left can't be taken back, so it waits a moment (`undoMs`) in which it can be changed or stopped.
 * 3. Words that may have been meant for a colleague are held back, and their author is asked.
 * 4. Words leave in the order in which they were written, whichever moment is over first.
 */
import type { DeskCommand } from "../../channel/inbound.ts";
import type { Operator } from "../../domain/case.ts";
import {
  cancelAlarm,
  change,
  changeCase,
  channelOf,
  type Draft,
  hint,
  line,
  mark,
  setAlarm,
  tellChannel,
  tellCustomer,
  tellDesk,
} from "./draft.ts";
import { languagesOf } from "./facts.ts";
import { askForFile } from "./files.ts";
import { heldBack } from "./held-back.ts";
import { type CaseState, type DeskWords, held, WAITING_CHARACTERS_MAX, WAITING_MAX, WORDS_MAX } from "./state.ts";
import { wordsFor } from "./words.ts";

type Said = Extract<DeskCommand, { do: "say" }>;

/** A message that begins with one of these is a note, whoever writes it. */
const NOTE_MARKS = ["//", "🔒", "/note"];
const isNote = (text: string): boolean => NOTE_MARKS.some((sign) => text.trimStart().startsWith(sign));

/** The alarm at which words leave, and back. */
const UNDO = "undo:";
const undoAlarm = (ref: string): string => `${UNDO}${ref}`;
export const undoneRef = (alarm: string): string | null => (alarm.startsWith(UNDO) ? alarm.slice(UNDO.length) : null);

/** Written in the thread without saying for whom. */
export function say(draft: Draft, operator: Operator, said: Said): void {
  const before = draft.state.case;
  // Not on the card, so it is not shown anew for it.
  if (before !== null) change(draft, { case: { ...before, lastSpeaker: operator.id } });
  const mine = before?.holder?.id === operator.id && before.held;
  if (!mine || isNote(said.text)) {
    keepInside(draft, operator, said);
    if (!isNote(said.text)) hint(draft, operator.id, insideBecause(before));
    return;
  }
  const words = wordsOf(draft, operator, said);
  if (words.text.trim() === "" && words.files.length === 0)
    return hint(draft, operator.id, "There is nothing to send.");
  const because = heldBack(before, {
    operator,
    text: said.text,
    mentions: said.mentions === true,
    hosts: draft.catalog.internalHosts,
  });
  if (because !== null) return hold(draft, words, because);
  audited(draft, operator, words);
  if (draft.catalog.undoMs === 0 || tooMuchWaits(before, words)) return leave(draft, words);
  leaveSoon(draft, words);
}

function wordsOf(draft: Draft, operator: Operator, { text, ref, shown, files }: Said): DeskWords {
  const named = ref ?? `e${draft.event.id}`;
  return { ref: named, operator, text, files: files ?? [], stage: "leaving", shown: shown === true, parts: 0 };
}

function keepInside(draft: Draft, operator: Operator, { text, shown }: Said): void {
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

/** Explicitly for the customer, so nothing but what was written before is waited for. */
export function reply(draft: Draft, operator: Operator, text: string): void {
  const words = wordsOf(draft, operator, { do: "say", text });
  audited(draft, operator, words);
  leave(draft, words);
}

function audited(draft: Draft, operator: Operator, { text, files }: DeskWords): void {
  line(draft, "desk.reply", `${operator.name} answered the customer`);
  const after = { characters: text.length, ...(files.length > 0 ? { files: files.length } : {}) };
  draft.audits.push({ operator: operator.id, action: "reply", before: null, after });
}

/** Whether these are more than can be kept with the others that have not left, or wait for an answer (T11). */
function tooMuchWaits(open: CaseState, words: DeskWords): boolean {
  const others = open.words.filter(({ stage, ref }) => stage !== "sent" && ref !== words.ref);
  const characters = others.reduce((sum, one) => sum + sizeOf(one), sizeOf(words));
  return others.length >= WAITING_MAX || characters > WAITING_CHARACTERS_MAX;
}

/** As the state holds them: one control character is six there. */
const sizeOf = ({ text, files }: DeskWords): number => JSON.stringify([text, files]).length;

/** To the customer, after what was written before (4). */
function leave(draft: Draft, words: DeskWords): void {
  const open = draft.state.case;
  if (open !== null && tooMuchWaits(open, words)) {
    leaveAll(draft);
    return relay(draft, words);
  }
  put(draft, { ...words, stage: "due" });
  relayDue(draft);
  if (find(draft, words.ref)?.stage !== "due") return;
  if (!words.shown) showWords(draft, words);
  put(draft, { ...words, stage: "due", shown: true });
  const says = `→ ${customerOf(draft)}: leaves as soon as what was written before it has.`;
  mark(draft, { ref: words.ref, says, question: null });
}

function leaveSoon(draft: Draft, words: DeskWords): void {
  const { event, catalog } = draft;
  if (!words.shown) showWords(draft, words);
  put(draft, { ...words, shown: true });
  setAlarm(draft, undoAlarm(words.ref), new Date(event.at.getTime() + catalog.undoMs));
  const seconds = Math.ceil(catalog.undoMs / 1_000);
  const says = `→ ${customerOf(draft)}: leaves in ${seconds} s. Edit or delete your message to change or stop it.`;
  mark(draft, { ref: words.ref, says, question: null });
}

function showWords(draft: Draft, { ref, operator, text }: DeskWords): void {
  tellDesk(draft, { kind: "reply", author: operator.name, text, internal: false, ref });
}

function hold(draft: Draft, words: DeskWords, because: string): void {
  const open = draft.state.case;
  line(draft, "desk.held", `Held back from the customer: ${because}`);
  if (open === null) return;
  if (!words.shown)
    tellDesk(draft, { kind: "note", author: words.operator.name, text: words.text, internal: true, ref: words.ref });
  if (tooMuchWaits(open, words)) {
    return hint(draft, words.operator.id, `Kept inside: ${because}. Too much waits already; answer that first.`);
  }
  put(draft, { ...words, shown: true, stage: "held" });
  mark(draft, { ref: words.ref, says: `Not sent yet: ${because}.`, question: "held" });
}

/** The moment for taking it back is over. */
export function undoOver(draft: Draft, ref: string): void {
  const words = find(draft, ref);
  if (words?.stage !== "leaving") return line(draft, "alarm.late", "What was to leave has left, or was taken back");
  put(draft, { ...words, stage: "due" });
  relayDue(draft);
}

/** In the order in which they were written (4). */
function relayDue(draft: Draft): void {
  for (const words of draft.state.case?.words ?? []) {
    if (words.stage === "leaving") return;
    if (words.stage === "due") relay(draft, words);
  }
}

/** Nobody can take back what waits to leave: the case goes on elsewhere. What was held back stays inside. */
export function settleWords(draft: Draft): void {
  leaveAll(draft);
  for (const words of draft.state.case?.words ?? []) {
    if (words.stage === "held") drop(draft, words, "Kept inside: the case went on without it.");
    if (words.stage === "correction") leaveOld(draft, words);
  }
}

function leaveAll(draft: Draft): void {
  for (const words of draft.state.case?.words ?? []) {
    if (words.stage !== "leaving" && words.stage !== "due") continue;
    cancelAlarm(draft, undoAlarm(words.ref));
    relay(draft, words);
  }
}

/** To the customer, now: the text, and then the files, each as soon as it was fetched. */
function relay(draft: Draft, words: DeskWords): void {
  const { ref, operator, text, files, shown } = words;
  const speaker = { kind: "notice", author: "operator", authorName: operator.name, words: { ref, shown } } as const;
  const parts = text.trim() === "" ? 0 : tellCustomer(draft, { text, trusted: true }, speaker);
  for (const file of files)
    askForFile(draft, draft.catalog.deskChannel, { file, of: { side: "operator", operator, shown } });
  if (parts === 0) mark(draft, { ref, says: `→ ${customerOf(draft)}: the file is on its way.`, question: null });
  put(draft, { ...words, text: "", files: [], stage: "sent", shown: true, parts });
  if (held(draft.state)) changeCase(draft, { status: "waiting for the customer", waitingSince: null });
}

/** An operator changed what they had written in the thread. */
export function rewritten(draft: Draft, operator: Operator, { ref, text }: { ref: string; text: string }): void {
  const words = find(draft, ref);
  if (words === null || words.operator.id !== operator.id) return line(draft, "desk.edit", "A note was changed");
  if (words.stage === "held" || words.stage === "leaving" || words.stage === "due")
    return changeWaiting(draft, words, text);
  changeSent(draft, { ...words, text: "", stage: "sent" }, text);
}

function changeWaiting(draft: Draft, words: DeskWords, text: string): void {
  line(draft, "desk.edit", `${words.operator.name} changed words before they left`);
  if (isNote(text) || text.trim() === "") return stop(draft, words, "Kept inside: it is a note now.");
  const open = draft.state.case;
  const changed = { ...words, text, stage: words.stage === "held" ? "held" : "leaving" } as const;
  const tooMuch = open !== null && tooMuchWaits(open, changed);
  if (changed.stage === "held" && tooMuch) return drop(draft, words, "Kept inside: too much waits already.");
  put(draft, changed);
  if (changed.stage === "held") return;
  const because = internal(draft, changed);
  if (tooMuch && because === null) return leaveAll(draft);
  if (tooMuch) return stop(draft, words, `Kept inside: ${because}, and too much waits already.`);
  if (because === null)
    return setAlarm(draft, undoAlarm(words.ref), new Date(draft.event.at.getTime() + draft.catalog.undoMs));
  cancelAlarm(draft, undoAlarm(words.ref));
  put(draft, { ...changed, stage: "held" });
  mark(draft, { ref: words.ref, says: `Not sent yet: ${because}.`, question: "held" });
  relayDue(draft);
}

/** What speaks against changed words by themselves: who wrote before them was looked at when they were written. */
function internal(draft: Draft, { operator, text }: DeskWords): string | null {
  const { case: open } = draft.state;
  const hosts = draft.catalog.internalHosts;
  return open === null ? null : heldBack({ ...open, lastSpeaker: null }, { operator, text, mentions: false, hosts });
}

/** Where the channel can change what was sent, it is changed; else the operator is asked about a correction. */
function changeSent(draft: Draft, words: DeskWords, text: string): void {
  const { case: open } = draft.state;
  const asked = { ...words, text, stage: "correction" } as const;
  if (text.trim() === "" || isNote(text) || (open !== null && tooMuchWaits(open, asked))) return leaveOld(draft, words);
  const { can, measure } = channelOf(draft);
  const fits = words.parts === 1 && measure(text) <= can.text.max;
  if (can.edit === "native" && fits && internal(draft, asked) === null) {
    line(draft, "desk.edit", `${words.operator.name} changed what the customer reads`);
    tellChannel(draft, { change: "edited", ref: words.ref, text, trusted: true });
    return mark(draft, { ref: words.ref, says: `→ ${customerOf(draft)}: changed there too.`, question: null });
  }
  line(draft, "desk.edit", `${words.operator.name} changed words that the customer has already`);
  put(draft, asked);
  mark(draft, { ref: words.ref, says: HAS_OLD_TEXT, question: "correction" });
}

const HAS_OLD_TEXT = "The customer has the old text.";

/** An operator deleted what they had written in the thread. */
export function takenBack(draft: Draft, operator: Operator, ref: string): void {
  const words = find(draft, ref);
  if (words === null || words.operator.id !== operator.id) return line(draft, "desk.delete", "A note was deleted");
  line(draft, "desk.delete", `${operator.name} took back what they had written`);
  if (words.stage === "sent" || words.stage === "correction") {
    put(draft, { ...words, text: "", stage: "sent" });
    return mark(draft, { ref, says: "Deleted here; the customer has it still.", question: null });
  }
  stop(draft, words, "Not sent: it was taken back.");
}

/** The operator's answer about words that were held back, or changed after they had left. */
export function decided(draft: Draft, operator: Operator, { ref, send }: { ref: string; send: boolean }): void {
  const words = find(draft, ref);
  if (words === null || (words.stage !== "held" && words.stage !== "correction")) {
    return hint(draft, operator.id, "This has been decided already.");
  }
  if (words.operator.id !== operator.id) {
    return hint(draft, operator.id, `${words.operator.name} wrote this, so only ${words.operator.name} can decide.`);
  }
  if (words.stage === "correction") return send ? correct(draft, words) : leaveOld(draft, words);
  if (!send) return drop(draft, words, "Kept inside.");
  const open = draft.state.case;
  if (open?.holder?.id !== operator.id || !open.held) return hint(draft, operator.id, insideBecause(open));
  audited(draft, operator, words);
  leave(draft, words);
}

function correct(draft: Draft, words: DeskWords): void {
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
  put(draft, { ...words, text: "", stage: "sent", parts: 0 });
}

function leaveOld(draft: Draft, words: DeskWords): void {
  put(draft, { ...words, text: "", stage: "sent" });
  mark(draft, { ref: words.ref, says: HAS_OLD_TEXT, question: null });
}

/** They do not leave, and hold up nothing any more. */
function stop(draft: Draft, words: DeskWords, says: string): void {
  drop(draft, words, says);
  relayDue(draft);
}

function drop(draft: Draft, words: DeskWords, says: string): void {
  cancelAlarm(draft, undoAlarm(words.ref));
  const open = draft.state.case;
  if (open !== null) change(draft, { case: { ...open, words: open.words.filter(({ ref }) => ref !== words.ref) } });
  mark(draft, { ref: words.ref, says, question: null });
}

const find = (draft: Draft, ref: string): DeskWords | null =>
  draft.state.case?.words.find((words) => words.ref === ref) ?? null;

/** Puts words in their place, or last where they are new; the oldest that have left are forgotten first (T11). */
function put(draft: Draft, words: DeskWords): void {
  const open = draft.state.case;
  if (open === null) return;
  const known = open.words.some(({ ref }) => ref === words.ref);
  const all = known ? open.words.map((one) => (one.ref === words.ref ? words : one)) : [...open.words, words];
  const oldest = all.findIndex(({ stage }) => stage === "sent");
  change(draft, { case: { ...open, words: all.length > WORDS_MAX && oldest !== -1 ? all.toSpliced(oldest, 1) : all } });
}

/** "Dana, sms": to whom it goes. */
const customerOf = ({ state }: Draft): string => `${state.contact.name || "the customer"}, ${state.channel}`;
