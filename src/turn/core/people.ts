/**
 * What operators do. Each command is an event like any other, so the order of events decides: the first claim wins and
 * the loser is told who holds the case (T1). Whatever changes is audited; whatever is refused is said to the operator.
 *
 * The reply rule: in a case's thread a message reaches the customer only if its author has claimed the case or said so
 * explicitly. Everything else stays inside. An unclaimed thread is always internal.
 */
import type { DeskCommand } from "../../channel/inbound.ts";
import type { Operator } from "../../domain/case.ts";
import { change, changeCase, type Draft, hint, line, markOf, tellCustomer, tellDesk } from "./draft.ts";
import { openCase } from "./handoff.ts";
import { closeConversation } from "./lifecycle.ts";
import { watchSilence } from "./silence.ts";
import { type CaseState, held } from "./state.ts";
import { begin } from "./triage.ts";

/** A message that begins with one of these is a note, whoever writes it. */
const NOTE_MARKS = ["//", "🔒", "/note"];

export function command(draft: Draft, operator: Operator, asked: DeskCommand): void {
  switch (asked.do) {
    case "claim":
      return claim(draft, operator);
    case "unclaim":
      return unclaim(draft, operator);
    case "take_over":
      return takeOver(draft, operator);
    case "hand_back":
      return handBack(draft, operator);
    case "resolve":
      return resolve(draft, operator);
    case "transfer":
      return transfer(draft, operator, asked.queue);
    case "run":
      return run(draft, operator, asked.workflow);
    case "note":
      return note(draft, operator, asked.text);
    case "reply":
      return reply(draft, operator, asked.text);
    case "say":
      return say(draft, operator, asked.text);
  }
}

function claim(draft: Draft, operator: Operator): void {
  const open = openOrHint(draft, operator);
  if (open === null) return;
  if (open.holder?.id === operator.id) return refuse(draft, operator, "You hold this case already.");
  if (open.holder !== null) return refuse(draft, operator, `${open.holder.name} holds this case.`);
  give(draft, operator, "claim");
}

/** The case is this operator's; replies of the bot that have not left are not sent any more (T8). */
function give(draft: Draft, operator: Operator, action: "claim" | "take_over"): void {
  const before = draft.state.case;
  change(draft, { epoch: draft.state.epoch + 1 });
  changeCase(draft, { holder: operator, status: "with us" });
  const done = action === "claim" ? "claimed the case" : "took over from the bot";
  decided(draft, operator, { action, before, says: `${operator.name} ${done}` });
}

function unclaim(draft: Draft, operator: Operator): void {
  const before = ownOrHint(draft, operator);
  if (before === null) return;
  changeCase(draft, { holder: null, status: "new" });
  decided(draft, operator, {
    action: "unclaim",
    before,
    says: `${operator.name} gave the case back to ${before.queue}`,
  });
}

/** From anywhere: also a conversation that the bot still holds becomes a case, and the bot is silent at once. */
function takeOver(draft: Draft, operator: Operator): void {
  if (draft.state.phase === "closed") return refuse(draft, operator, "This conversation is closed.");
  if (held(draft.state)) return claim(draft, operator);
  openCase(draft, {
    queue: draft.state.case?.queue ?? null,
    priority: draft.state.case?.priority ?? "normal",
    because: "policy",
    reason: `${operator.name} took over`,
    summary: null,
    say: null,
    known: draft.state.runs.at(-1)?.values ?? {},
    words: "silent",
  });
  give(draft, operator, "take_over");
}

function handBack(draft: Draft, operator: Operator): void {
  const before = ownOrHint(draft, operator);
  if (before === null) return;
  const left = { held: false, holder: null, waitingSince: null, shownUntil: markOf(draft) } as const;
  changeCase(draft, { ...left, status: "with the bot" });
  watchSilence(draft);
  decided(draft, operator, { action: "hand_back", before, says: `${operator.name} handed back to the bot` });
  draft.caused.push({ on: "conversation.handed_back", payload: { operator: operator.name }, depth: 1 });
}

function resolve(draft: Draft, operator: Operator): void {
  const before = ownOrHint(draft, operator);
  if (before === null) return;
  decided(draft, operator, { action: "resolve", before, says: `${operator.name} resolved the case` });
  closeConversation(draft, "solved by operator", 1);
}

function transfer(draft: Draft, operator: Operator, queue: string): void {
  const open = openOrHint(draft, operator);
  if (open === null) return;
  if (open.holder !== null && open.holder.id !== operator.id) {
    return refuse(draft, operator, `${open.holder.name} holds this case, so only ${open.holder.name} can transfer it.`);
  }
  if (!Object.hasOwn(draft.catalog.live.queues, queue)) {
    const known = Object.keys(draft.catalog.live.queues).join(", ");
    return refuse(draft, operator, `There is no queue “${queue}”. There are: ${known}.`);
  }
  if (queue === open.queue) return refuse(draft, operator, `The case is in ${queue} already.`);
  changeCase(draft, { queue, holder: null, status: "new" });
  decided(draft, operator, { action: "transfer", before: open, says: `${operator.name} moved the case to ${queue}` });
}

/** Starts a workflow that can be started by hand; it runs beside whatever else is under way. */
function run(draft: Draft, operator: Operator, id: string): void {
  const { live } = draft.catalog;
  const manual = live.workflows.filter(
    ({ status, triggers }) => status === "live" && triggers.some(({ on }) => on === "manual"),
  );
  const workflow = manual.find((candidate) => candidate.id === id);
  if (workflow === undefined) {
    const known = manual.map((candidate) => candidate.id).join(", ") || "none";
    return refuse(draft, operator, `There is no workflow “${id}” to start by hand. There are: ${known}.`);
  }
  line(draft, "desk.run", `${operator.name} started “${workflow.title}”`);
  audit(draft, operator, { action: "run", before: null, after: { workflow: id } });
  begin(draft, workflow, { on: "manual", payload: { by: operator.name }, depth: 0, release: live });
}

function note(draft: Draft, operator: Operator, text: string): void {
  if (draft.state.case === null) return refuse(draft, operator, "There is no case to note this in. Take over first.");
  line(draft, "desk.note", `${operator.name} wrote a note, which stays inside`);
  tellDesk(draft, { kind: "note", author: operator.name, text, internal: true });
}

/** Written in the thread without saying for whom. */
function say(draft: Draft, operator: Operator, text: string): void {
  if (NOTE_MARKS.some((mark) => text.trimStart().startsWith(mark))) return note(draft, operator, text);
  const open = draft.state.case;
  if (open?.holder?.id === operator.id && open.held) return answer(draft, operator, text);
  note(draft, operator, text);
  hint(draft, operator.id, insideBecause(open));
}

function insideBecause(open: CaseState | null): string {
  if (open === null) return "There is no case yet. Take over to write to the customer.";
  if (!open.held) return "Kept inside: this case is not with people now. Take over to write to the customer.";
  if (open.holder === null) return "Kept inside: nobody has claimed this case. Claim it to write to the customer.";
  return `Kept inside: ${open.holder.name} holds this case. Press “Reply to customer” to write all the same.`;
}

/** Explicitly for the customer: whoever pressed it, as long as the case is somebody's. */
function reply(draft: Draft, operator: Operator, text: string): void {
  const open = openOrHint(draft, operator);
  if (open === null) return;
  if (open.holder !== null) return answer(draft, operator, text);
  note(draft, operator, text);
  hint(draft, operator.id, insideBecause(open));
}

function answer(draft: Draft, operator: Operator, text: string): void {
  if (text.trim() === "") return refuse(draft, operator, "There is nothing to send.");
  line(draft, "desk.reply", `${operator.name} answered the customer`);
  tellCustomer(draft, { text }, { kind: "notice", author: "operator", authorName: operator.name });
  audit(draft, operator, { action: "reply", before: null, after: { characters: text.length } });
  changeCase(draft, { status: "waiting for the customer", waitingSince: null });
}

/** The open case, or a word to the operator about why there is none to act on. */
function openOrHint(draft: Draft, operator: Operator): CaseState | null {
  const open = draft.state.case;
  if (draft.state.phase === "closed") refuse(draft, operator, "This case is closed.");
  else if (open === null || !open.held) refuse(draft, operator, "The bot holds this conversation. Take over first.");
  else return open;
  return null;
}

/** The open case where this operator holds it; otherwise they are told who does. */
function ownOrHint(draft: Draft, operator: Operator): CaseState | null {
  const open = openOrHint(draft, operator);
  if (open === null || open.holder?.id === operator.id) return open;
  const because =
    open.holder === null ? "Nobody has claimed this case. Claim it first." : `${open.holder.name} holds this case.`;
  refuse(draft, operator, because);
  return null;
}

function refuse(draft: Draft, operator: Operator, because: string): void {
  line(draft, "desk.refused", `Not done for ${operator.name}: ${because}`);
  hint(draft, operator.id, because);
}

function decided(
  draft: Draft,
  operator: Operator,
  o: { action: string; before: CaseState | null; says: string },
): void {
  line(draft, `desk.${o.action}`, o.says);
  tellDesk(draft, { kind: "system", author: "Frontdesk", text: `${o.says}.`, internal: true });
  audit(draft, operator, { action: o.action, before: brief(o.before), after: brief(draft.state.case) });
}

function audit(draft: Draft, operator: Operator, o: { action: string; before: unknown; after: unknown }): void {
  draft.audits.push({ operator: operator.id, ...o });
}

const brief = (open: CaseState | null) =>
  open === null ? null : { queue: open.queue, status: open.status, holder: open.holder?.id ?? null, held: open.held };
