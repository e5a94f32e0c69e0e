/**
 * Commands of operators. Each command is an event like any other, so the order of events decides: the first claim wins and
 * the loser is told who holds the case (T1). Whatever changes is audited; whatever is refused is said to the operator.
 */

import type { DeskCommand } from "../../../adapter/inbound.ts";
import type { Operator } from "../../../domain/case.ts";
import { own } from "../../../lib/own.ts";
import { nobodyWritten } from "../about.ts";
import { asksAnything, beginRun } from "../automation/triage.ts";
import { closeConversation } from "../case/close.ts";
import { showBeginning } from "../case/open.ts";
import { changeCase, hint, line, type TransitionContext, tellDesk } from "../context.ts";
import type { Event } from "../event.ts";
import { onDecision as decideWords, onDelete, onEdit } from "../outgoing/edit.ts";
import { unsentBecause } from "../outgoing/opted-out.ts";
import { findPending } from "../outgoing/pending.ts";
import { insideBecause, say, replyFromDialog as sayToCustomer, settleWords } from "../outgoing/send.ts";
import { claimCase, handBack, letGo, releaseCase, takeOver, unclaim } from "./assignment.ts";
import { openOrHint, ownOrHint, queueTitle, recordAudit, recordDecision, refuse } from "./guards.ts";
import { mayWork, outsiderWords, ownQueue } from "./members.ts";
import { mergeInto } from "./merge-case.ts";
import { onOpen, onStart } from "./start-conversation.ts";

type Asked = Extract<Event, { kind: "operator" }>;

export function onCommand(draft: TransitionContext, asked: Asked): void {
  const { operator, command: wanted } = asked;
  const outsider = outsiderBecause(draft, asked);
  if (outsider !== null && needsMembership(wanted)) return refuse(draft, operator, outsider);
  // A note is one whoever holds the case.
  if (wanted.kind !== "note" && "seen" in wanted && movedOn(draft, operator, wanted)) return;
  switch (wanted.kind) {
    case "claim":
      return claimCase(draft, operator);
    case "unclaim":
      return unclaim(draft, operator);
    case "take_over":
      return takeOver(draft, operator, ownQueue(draft, asked));
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
      return say(draft, operator, { said: wanted, outsider });
    case "edit":
      // Words that were kept inside may be changed by anybody; those that leave, or have left, by whoever works there.
      if (outsider !== null && findPending(draft, wanted.ref) !== null) return refuse(draft, operator, outsider);
      return onEdit(draft, operator, wanted);
    case "delete":
      return onDelete(draft, operator, wanted.ref);
    case "send_held":
      return decideWords(draft, operator, { ref: wanted.ref, send: true });
    case "keep_held":
      return decideWords(draft, operator, { ref: wanted.ref, send: false });
    case "merge":
      return mergeInto(draft, asked, wanted);
    case "start":
      return onStart(draft, asked, wanted);
    case "open":
      return onOpen(draft, asked, wanted);
    case "off_duty":
      return letGo(draft, operator, { reason: `${operator.name} went off duty` });
    case "release":
      return releaseCase(draft, operator, wanted.reason);
  }
}

/** Commands that only say or take back something need no more than being there: it stays inside. */
function needsMembership({ kind: what }: DeskCommand): boolean {
  return !["say", "note", "edit", "delete", "keep_held", "off_duty", "release"].includes(what);
}

/** Why whoever asks does not work where this conversation is, and what to do about it; null: they do. */
function outsiderBecause(draft: TransitionContext, asked: Asked): string | null {
  const known = draft.state.case;
  const begins = asked.command.kind === "start" || known === null;
  // A conversation without a case is nobody's queue's yet.
  const may = begins ? ownQueue(draft, asked) !== null : mayWork(draft, asked, known.queue);
  return may ? null : outsiderWords(draft, asked, known?.queue ?? null);
}

/** Refuses a dialog's decision where the case is another by now; words written there are not lost. */
function movedOn(
  draft: TransitionContext,
  operator: Operator,
  wanted: Extract<DeskCommand, { seen?: unknown }>,
): boolean {
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

function resolve(draft: TransitionContext, operator: Operator): void {
  const before = ownOrHint(draft, operator);
  if (before === null) return;
  settleWords(draft);
  recordDecision(draft, operator, { action: "resolve", before, message: `${operator.name} resolved the case` });
  closeConversation(draft, "solved by operator", 1);
}

function transfer(draft: TransitionContext, operator: Operator, queue: string): void {
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
  if (own(queues, queue)?.deskPlace !== own(queues, open.queue)?.deskPlace) showBeginning(draft, { since: null });
  const message = `${operator.name} moved the case to ${queueTitle(draft, queue)}`;
  recordDecision(draft, operator, { action: "transfer", before: open, message });
}

/** Starts a workflow that can be started by hand; it runs beside whatever else is under way. */
function run(draft: TransitionContext, operator: Operator, id: string): void {
  const { live } = draft.catalog;
  const manual = live.workflows.filter(
    ({ status, triggers }) => status === "live" && triggers.some(({ on }) => on === "manual"),
  );
  const unwritten = draft.state.case === null ? null : nobodyWritten(draft.state.case);
  if (unwritten !== null) return refuse(draft, operator, unwritten);
  const workflow = manual.find((candidate) => candidate.id === id);
  if (workflow === undefined) {
    const known = manual.map((candidate) => candidate.id).join(", ") || "none";
    return refuse(draft, operator, `There is no workflow “${id}” to start by hand. There are: ${known}.`);
  }
  if (draft.state.optedOut !== null && asksAnything(workflow, live))
    return refuse(draft, operator, `“${workflow.title}” asks the customer something, and ${unsentBecause(draft)}`);
  line(draft, "desk.run", `${operator.name} started “${workflow.title}”`);
  recordAudit(draft, operator, { action: "run", before: null, after: { workflow: id } });
  beginRun(draft, workflow, { on: "manual", payload: { by: operator.name }, depth: 0, release: live });
}

function note(draft: TransitionContext, operator: Operator, text: string): void {
  if (draft.state.case === null) return refuse(draft, operator, "There is no case to note this in. Take over first.");
  line(draft, "desk.note", `${operator.name} wrote a note, which stays inside`);
  tellDesk(draft, { kind: "note", author: operator.name, text, internal: true });
}

/** Explicitly for the customer: whoever pressed it, as long as the case is somebody's. */
function reply(draft: TransitionContext, operator: Operator, text: string): void {
  const open = openOrHint(draft, operator);
  if (open === null) return;
  if (text.trim() === "") return refuse(draft, operator, "There is nothing to send.");
  if (open.holder !== null) return sayToCustomer(draft, operator, text);
  note(draft, operator, text);
  hint(draft, operator.id, insideBecause(open));
}
