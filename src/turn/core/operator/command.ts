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

export function onCommand(context: TransitionContext, asked: Asked): void {
  const { operator, command: wanted } = asked;
  const outsider = outsiderBecause(context, asked);
  if (outsider !== null && needsMembership(wanted)) return refuse(context, operator, outsider);
  // A note is one whoever holds the case.
  if (wanted.kind !== "note" && "seen" in wanted && movedOn(context, operator, wanted)) return;
  switch (wanted.kind) {
    case "claim":
      return claimCase(context, operator);
    case "unclaim":
      return unclaim(context, operator);
    case "take_over":
      return takeOver(context, operator, ownQueue(context, asked));
    case "hand_back":
      return handBack(context, operator);
    case "resolve":
      return resolve(context, operator);
    case "transfer":
      return transfer(context, operator, wanted.queue);
    case "run":
      return run(context, operator, wanted.workflow);
    case "note":
      return note(context, operator, wanted.text);
    case "reply":
      return reply(context, operator, wanted.text);
    case "say":
      return say(context, operator, { said: wanted, outsider });
    case "edit":
      // Words that were kept inside may be changed by anybody; those that leave, or have left, by whoever works there.
      if (outsider !== null && findPending(context, wanted.ref) !== null) return refuse(context, operator, outsider);
      return onEdit(context, operator, wanted);
    case "delete":
      return onDelete(context, operator, wanted.ref);
    case "send_held":
      return decideWords(context, operator, { ref: wanted.ref, send: true });
    case "keep_held":
      return decideWords(context, operator, { ref: wanted.ref, send: false });
    case "merge":
      return mergeInto(context, asked, wanted);
    case "start":
      return onStart(context, asked, wanted);
    case "open":
      return onOpen(context, asked, wanted);
    case "off_duty":
      return letGo(context, operator, { reason: `${operator.name} went off duty` });
    case "release":
      return releaseCase(context, operator, wanted.reason);
  }
}

/** Commands that only say or take back something need no more than being there: it stays inside. */
function needsMembership({ kind: what }: DeskCommand): boolean {
  return !["say", "note", "edit", "delete", "keep_held", "off_duty", "release"].includes(what);
}

/** Why whoever asks does not work where this conversation is, and what to do about it; null: they do. */
function outsiderBecause(context: TransitionContext, asked: Asked): string | null {
  const known = context.state.case;
  const begins = asked.command.kind === "start" || known === null;
  // A conversation without a case is nobody's queue's yet.
  const may = begins ? ownQueue(context, asked) !== null : mayWork(context, asked, known.queue);
  return may ? null : outsiderWords(context, asked, known?.queue ?? null);
}

/** Refuses a dialog's decision where the case is another by now; words written there are not lost. */
function movedOn(
  context: TransitionContext,
  operator: Operator,
  wanted: Extract<DeskCommand, { seen?: unknown }>,
): boolean {
  const open = context.state.case;
  const { seen } = wanted;
  if (open === null || seen === undefined) return false;
  if ((open.holder?.id ?? null) === seen.holder && open.queue === seen.queue) return false;
  const now = open.holder === null ? "nobody holds it" : `${open.holder.name} holds it`;
  const text = "text" in wanted ? ` You had written: ${wanted.text}` : "";
  refuse(
    context,
    operator,
    `The case has moved on: it is in ${queueTitle(context, open.queue)} and ${now} now. Nothing was done.${text}`,
  );
  return true;
}

function resolve(context: TransitionContext, operator: Operator): void {
  const before = ownOrHint(context, operator);
  if (before === null) return;
  settleWords(context);
  recordDecision(context, operator, { action: "resolve", before, message: `${operator.name} resolved the case` });
  closeConversation(context, "solved by operator", 1);
}

function transfer(context: TransitionContext, operator: Operator, queue: string): void {
  const open = openOrHint(context, operator);
  if (open === null) return;
  if (open.holder !== null && open.holder.id !== operator.id) {
    return refuse(
      context,
      operator,
      `${open.holder.name} holds this case, so only ${open.holder.name} can transfer it.`,
    );
  }
  if (!Object.hasOwn(context.catalog.live.queues, queue)) {
    const known = Object.keys(context.catalog.live.queues).join(", ");
    return refuse(context, operator, `There is no queue “${queue}”. There are: ${known}.`);
  }
  if (queue === open.queue) return refuse(context, operator, `The case is in ${queueTitle(context, queue)} already.`);
  settleWords(context);
  changeCase(context, { queue, holder: null, status: "new", lastSpeaker: null });
  // Elsewhere, nobody has read what was said.
  const { queues } = context.catalog.live;
  if (own(queues, queue)?.deskPlace !== own(queues, open.queue)?.deskPlace) showBeginning(context, { since: null });
  const message = `${operator.name} moved the case to ${queueTitle(context, queue)}`;
  recordDecision(context, operator, { action: "transfer", before: open, message });
}

/** Starts a workflow that can be started by hand; it runs beside whatever else is under way. */
function run(context: TransitionContext, operator: Operator, id: string): void {
  const { live } = context.catalog;
  const manual = live.workflows.filter(
    ({ status, triggers }) => status === "live" && triggers.some(({ on }) => on === "manual"),
  );
  const unwritten = context.state.case === null ? null : nobodyWritten(context.state.case);
  if (unwritten !== null) return refuse(context, operator, unwritten);
  const workflow = manual.find((candidate) => candidate.id === id);
  if (workflow === undefined) {
    const known = manual.map((candidate) => candidate.id).join(", ") || "none";
    return refuse(context, operator, `There is no workflow “${id}” to start by hand. There are: ${known}.`);
  }
  if (context.state.optedOut !== null && asksAnything(workflow, live))
    return refuse(context, operator, `“${workflow.title}” asks the customer something, and ${unsentBecause(context)}`);
  line(context, "desk.run", `${operator.name} started “${workflow.title}”`);
  recordAudit(context, operator, { action: "run", before: null, after: { workflow: id } });
  beginRun(context, workflow, { on: "manual", payload: { by: operator.name }, depth: 0, release: live });
}

function note(context: TransitionContext, operator: Operator, text: string): void {
  if (context.state.case === null)
    return refuse(context, operator, "There is no case to note this in. Take over first.");
  line(context, "desk.note", `${operator.name} wrote a note, which stays inside`);
  tellDesk(context, { kind: "note", author: operator.name, text, internal: true });
}

/** Explicitly for the customer: whoever pressed it, as long as the case is somebody's. */
function reply(context: TransitionContext, operator: Operator, text: string): void {
  const open = openOrHint(context, operator);
  if (open === null) return;
  if (text.trim() === "") return refuse(context, operator, "There is nothing to send.");
  if (open.holder !== null) return sayToCustomer(context, operator, text);
  note(context, operator, text);
  hint(context, operator.id, insideBecause(open));
}
