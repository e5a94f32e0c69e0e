/**
 * What operators do. Each command is an event like any other, so the order of events decides: the first claim wins and
 * the loser is told who holds the case (T1). Whatever changes is audited; whatever is refused is said to the operator.
 */

import type { DeskCommand } from "../../channel/inbound.ts";
import type { Operator } from "../../domain/case.ts";
import { own } from "../../lib/own.ts";
import { audit, decided, openOrHint, ownOrHint, queueTitle, refuse } from "./act.ts";
import { change, changeCase, type Draft, hint, line, tellDesk } from "./draft.ts";
import type { Event } from "./event.ts";
import { openCase, showBeginning, UNTOLD } from "./handoff.ts";
import { claim, give, handBack, letGo, release, takeOver, unclaim } from "./holding.ts";
import { closeConversation } from "./lifecycle.ts";
import { mayWork } from "./members.ts";
import { merge } from "./merge.ts";
import { isNote } from "./note-mark.ts";
import { unsentBecause } from "./opted-out.ts";
import { decided as decideWords, rewritten, takenBack } from "./rewording.ts";
import { insideBecause, say, reply as sayToCustomer, settleWords } from "./speech.ts";
import { held } from "./state.ts";
import { asksAnything, begin } from "./triage.ts";

type Asked = Extract<Event, { kind: "operator" }>;

export function command(draft: Draft, asked: Asked): void {
  const { operator, command: wanted } = asked;
  if (needsMembership(wanted) && !permitted(draft, asked)) return;
  // A note is one whoever holds the case.
  if (wanted.do !== "note" && "seen" in wanted && movedOn(draft, operator, wanted)) return;
  switch (wanted.do) {
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
      return transfer(draft, operator, wanted.queue);
    case "run":
      return run(draft, operator, wanted.workflow);
    case "note":
      return note(draft, operator, wanted.text);
    case "reply":
      return reply(draft, operator, wanted.text);
    case "say":
      return say(draft, operator, wanted);
    case "edit":
      return rewritten(draft, operator, wanted);
    case "delete":
      return takenBack(draft, operator, wanted.ref);
    case "send_held":
      return decideWords(draft, operator, { ref: wanted.ref, send: true });
    case "keep_held":
      return decideWords(draft, operator, { ref: wanted.ref, send: false });
    case "merge":
      return merged(draft, operator, wanted.into);
    case "start":
      return start(draft, asked, wanted);
    case "off_duty":
      return letGo(draft, operator, { because: `${operator.name} went off duty` });
    case "release":
      return release(draft, operator, wanted.because);
  }
}

/** What is only said or taken back needs no more than being there: the reply rule looks after the rest. */
function needsMembership({ do: what }: DeskCommand): boolean {
  return !["say", "note", "edit", "delete", "keep_held", "off_duty", "release"].includes(what);
}

function permitted(draft: Draft, { operator, queues, command: { do: what } }: Asked): boolean {
  const { live } = draft.catalog;
  const open = draft.state.case;
  // A conversation without a case is nobody's queue's yet.
  const wanted = what === "start" || open === null ? Object.values(live.queues) : [own(live.queues, open.queue)];
  if (wanted.some((queue) => mayWork(queue, operator, queues))) return true;
  const where = open === null ? "any queue" : `the queue “${queueTitle(draft, open.queue)}”`;
  refuse(draft, operator, `You are not in ${where}, so this was not done. Whoever looks after the queues can add you.`);
  return false;
}

/** What was decided in a dialog is for the case as it stood then; what was written there is not lost. */
function movedOn(draft: Draft, operator: Operator, wanted: Extract<DeskCommand, { seen?: unknown }>): boolean {
  const open = draft.state.case;
  const { seen } = wanted;
  if (open === null || seen === undefined) return false;
  if ((open.holder?.id ?? null) === seen.holder && open.queue === seen.queue) return false;
  const now = open.holder === null ? "nobody holds it" : `${open.holder.name} holds it`;
  const text = "text" in wanted ? ` You had written: ${wanted.text}` : "";
  refuse(
    draft,
    operator,
    `The case has moved on: it is in ${queueTitle(draft, open.queue)} and ${now} now. Nothing was done.${text}`,
  );
  return true;
}

function resolve(draft: Draft, operator: Operator): void {
  const before = ownOrHint(draft, operator);
  if (before === null) return;
  settleWords(draft);
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
  if (queue === open.queue) return refuse(draft, operator, `The case is in ${queueTitle(draft, queue)} already.`);
  settleWords(draft);
  changeCase(draft, { queue, holder: null, status: "new", lastSpeaker: null });
  // Elsewhere, nobody has read what was said.
  const { queues } = draft.catalog.live;
  if (own(queues, queue)?.slackChannel !== own(queues, open.queue)?.slackChannel) showBeginning(draft, { since: null });
  const says = `${operator.name} moved the case to ${queueTitle(draft, queue)}`;
  decided(draft, operator, { action: "transfer", before: open, says });
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
  if (draft.state.optedOut !== null && asksAnything(workflow, live))
    return refuse(draft, operator, `“${workflow.title}” asks the customer something, and ${unsentBecause(draft)}`);
  line(draft, "desk.run", `${operator.name} started “${workflow.title}”`);
  audit(draft, operator, { action: "run", before: null, after: { workflow: id } });
  begin(draft, workflow, { on: "manual", payload: { by: operator.name }, depth: 0, release: live });
}

function note(draft: Draft, operator: Operator, text: string): void {
  if (draft.state.case === null) return refuse(draft, operator, "There is no case to note this in. Take over first.");
  line(draft, "desk.note", `${operator.name} wrote a note, which stays inside`);
  tellDesk(draft, { kind: "note", author: operator.name, text, internal: true });
}

/** Explicitly for the customer: whoever pressed it, as long as the case is somebody's. */
function reply(draft: Draft, operator: Operator, text: string): void {
  const open = openOrHint(draft, operator);
  if (open === null) return;
  if (text.trim() === "") return refuse(draft, operator, "There is nothing to send.");
  if (open.holder !== null) return sayToCustomer(draft, operator, text);
  note(draft, operator, text);
  hint(draft, operator.id, insideBecause(open));
}

function merged(draft: Draft, operator: Operator, into: number): void {
  const open = openOrHint(draft, operator);
  if (open === null) return;
  if (open.holder !== null && open.holder.id !== operator.id) {
    return refuse(draft, operator, `${open.holder.name} holds this case, so only ${open.holder.name} can merge it.`);
  }
  if (into === draft.conversation) return refuse(draft, operator, "A case can't be merged into itself.");
  settleWords(draft);
  merge(draft, operator, into);
  decided(draft, operator, {
    action: "merge",
    before: open,
    says: `${operator.name} merged this case into case ${into}`,
  });
}

type Start = Extract<DeskCommand, { do: "start" }>;

/** We write first: the conversation begins as a case that its starter holds. */
function start(draft: Draft, asked: Asked, wanted: Start): void {
  const { operator, contact } = asked;
  if (contact !== undefined && draft.state.contact.id === 0) change(draft, { contact });
  if (wanted.text.trim() === "") return refuse(draft, operator, "There is nothing to send.");
  if (isNote(wanted.text))
    return refuse(draft, operator, `It begins with a note mark, so it was not sent: ${wanted.text}`);
  const because = unstartable(draft, asked, wanted);
  if (because !== null) return refuse(draft, operator, `${because}. It was not sent: ${wanted.text}`);
  if (draft.state.optedOut !== null)
    return refuse(draft, operator, `Not sent: ${unsentBecause(draft)} You had written: ${wanted.text}`);
  if (!held(draft.state)) {
    openCase(draft, { ...UNTOLD, queue: wanted.queue, reason: `${operator.name} wrote first` });
  }
  if (draft.state.case?.holder === null) give(draft, operator, "claim");
  sayToCustomer(draft, operator, wanted.text);
}

/** Why they can't write first; null: they can. Only here is it known whether there is a case, and whose. */
function unstartable({ state, catalog }: Draft, { operator, queues }: Asked, wanted: Start): string | null {
  const open = held(state) ? state.case : null;
  const queue = own(catalog.live.queues, open?.queue ?? wanted.queue);
  if (!mayWork(queue, operator, queues)) {
    const title = `“${queue?.title}”`;
    return open === null
      ? `You are not in the queue ${title}`
      : `This customer has a case in ${title}, where you do not work`;
  }
  if (open === null || open.holder === null || open.holder.id === operator.id) return null;
  return `${open.holder.name} holds a case with this customer`;
}
