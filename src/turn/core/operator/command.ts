/**
 * Handles operators' commands. Each is an event, so the order of events decides: the first claim wins, and the second
 * operator is told who holds the case (T1). Changes are audited; a refusal is told to the operator.
 */

import type { DeskCommand } from "../../../adapter/inbound.ts";
import type { Operator } from "../../../domain/case.ts";
import { own } from "../../../lib/own.ts";
import { unwrittenReason } from "../about.ts";
import { asksAnything, beginRun } from "../automation/triage.ts";
import { closeConversation } from "../case/close.ts";
import { showBeginning } from "../case/open.ts";
import { changeCase, hint, line, type TransitionContext, tellDesk } from "../context.ts";
import type { Event } from "../event.ts";
import { onDecision, onDelete, onEdit } from "../outgoing/edit.ts";
import { optedOutReason } from "../outgoing/opted-out.ts";
import { findPending } from "../outgoing/pending.ts";
import { keptInsideReason, replyFromDialog, sayInThread, settlePending } from "../outgoing/send.ts";
import { claimCase, handBack, releaseCase, takeOver, unassign, unclaimCase } from "./assignment.ts";
import { openCaseOrRefuse, ownCaseOrRefuse, queueTitle, recordAudit, recordDecision, refuse } from "./guards.ts";
import { explainOutsider, mayWork, newCaseQueue } from "./members.ts";
import { onMerge } from "./merge-case.ts";
import { onOpen, onStart } from "./start-conversation.ts";

type OperatorEvent = Extract<Event, { kind: "operator" }>;

export function onCommand(context: TransitionContext, event: OperatorEvent): void {
  const { operator, command: wanted } = event;
  const outsider = outsiderReason(context, event);
  if (outsider !== null && needsMembership(wanted)) return refuse(context, operator, outsider);
  // A note is accepted whoever holds the case.
  if (wanted.kind !== "note" && "seen" in wanted && refuseIfMoved(context, operator, wanted)) return;
  switch (wanted.kind) {
    case "claim":
      return claimCase(context, operator);
    case "unclaim":
      return unclaimCase(context, operator);
    case "take_over":
      return takeOver(context, operator, newCaseQueue(context, event));
    case "hand_back":
      return handBack(context, operator);
    case "resolve":
      return resolveCase(context, operator);
    case "transfer":
      return transferCase(context, operator, wanted.queue);
    case "run":
      return startWorkflow(context, operator, wanted.workflow);
    case "note":
      return addNote(context, operator, wanted.text);
    case "reply":
      return replyToCustomer(context, operator, wanted.text);
    case "say":
      return sayInThread(context, operator, { said: wanted, outsider });
    case "edit":
      // Anybody may change a note; words to the customer only members of the queue.
      if (outsider !== null && findPending(context, wanted.ref) !== null) return refuse(context, operator, outsider);
      return onEdit(context, operator, wanted);
    case "delete":
      return onDelete(context, operator, wanted.ref);
    case "send_held":
      return onDecision(context, operator, { ref: wanted.ref, send: true });
    case "keep_held":
      return onDecision(context, operator, { ref: wanted.ref, send: false });
    case "merge":
      return onMerge(context, event, wanted);
    case "start":
      return onStart(context, event, wanted);
    case "open":
      return onOpen(context, event, wanted);
    case "off_duty":
      return unassign(context, operator, { reason: `${operator.name} went off duty` });
    case "release":
      return releaseCase(context, operator, wanted.reason);
  }
}

/** False for commands that only write or take back something inside, which need no membership. */
function needsMembership({ kind: what }: DeskCommand): boolean {
  return !["say", "note", "edit", "delete", "keep_held", "off_duty", "release"].includes(what);
}

/** Reason why the operator does not work in the conversation's queue, and what to do about it; null: they do. */
function outsiderReason(context: TransitionContext, event: OperatorEvent): string | null {
  const open = context.state.case;
  const begins = event.command.kind === "start" || open === null;
  // A conversation without a case is in no queue yet.
  const may = begins ? newCaseQueue(context, event) !== null : mayWork(context, event, open.queue);
  return may ? null : explainOutsider(context, event, open?.queue ?? null);
}

/**
 * Refuses a dialog's command when the case changed since the dialog opened; the text written there is shown to the
 * operator.
 */
function refuseIfMoved(
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

function resolveCase(context: TransitionContext, operator: Operator): void {
  const before = ownCaseOrRefuse(context, operator);
  if (before === null) return;
  settlePending(context);
  recordDecision(context, operator, { action: "resolve", before, message: `${operator.name} resolved the case` });
  closeConversation(context, "solved by operator", 1);
}

function transferCase(context: TransitionContext, operator: Operator, queue: string): void {
  const open = openCaseOrRefuse(context, operator);
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
  settlePending(context);
  changeCase(context, { queue, holder: null, status: "new", lastSpeaker: null });
  // People in another place have not read the transcript.
  const { queues } = context.catalog.live;
  if (own(queues, queue)?.deskPlace !== own(queues, open.queue)?.deskPlace) showBeginning(context, { since: null });
  const message = `${operator.name} moved the case to ${queueTitle(context, queue)}`;
  recordDecision(context, operator, { action: "transfer", before: open, message });
}

/** Starts a workflow that can be started by hand, beside any other run. */
function startWorkflow(context: TransitionContext, operator: Operator, id: string): void {
  const { live } = context.catalog;
  const manual = live.workflows.filter(
    ({ status, triggers }) => status === "live" && triggers.some(({ on }) => on === "manual"),
  );
  const unwritten = context.state.case === null ? null : unwrittenReason(context.state.case);
  if (unwritten !== null) return refuse(context, operator, unwritten);
  const workflow = manual.find((candidate) => candidate.id === id);
  if (workflow === undefined) {
    const known = manual.map((candidate) => candidate.id).join(", ") || "none";
    return refuse(context, operator, `There is no workflow “${id}” to start by hand. There are: ${known}.`);
  }
  if (context.state.optedOut !== null && asksAnything(workflow, live))
    return refuse(context, operator, `“${workflow.title}” asks the customer something, and ${optedOutReason(context)}`);
  line(context, "desk.run", `${operator.name} started “${workflow.title}”`);
  recordAudit(context, operator, { action: "run", before: null, after: { workflow: id } });
  beginRun(context, workflow, { on: "manual", payload: { by: operator.name }, depth: 0, release: live });
}

function addNote(context: TransitionContext, operator: Operator, text: string): void {
  if (context.state.case === null)
    return refuse(context, operator, "There is no case to note this in. Take over first.");
  line(context, "desk.note", `${operator.name} wrote a note, which stays inside`);
  tellDesk(context, { kind: "note", author: operator.name, text, internal: true });
}

/**
 * Sends a dialog's reply to the customer, also from an operator who does not hold the case, provided that somebody
 * does.
 */
function replyToCustomer(context: TransitionContext, operator: Operator, text: string): void {
  const open = openCaseOrRefuse(context, operator);
  if (open === null) return;
  if (text.trim() === "") return refuse(context, operator, "There is nothing to send.");
  if (open.holder !== null) return replyFromDialog(context, operator, text);
  addNote(context, operator, text);
  hint(context, operator.id, keptInsideReason(open));
}
