/**
 * `transition` is the only place that decides (T1): what a conversation becomes by one event, and what is to be done.
 *
 * 1. Pure and total: no clock, no chance, no I/O; defined for every state and every event (T1, T10).
 * 2. It never waits. What needs a result is an ask; the answer comes back as an event (T3).
 * 3. The bot says nothing while people hold the conversation (T8).
 * 4. Late and repeated answers and alarms change nothing (T5).
 */
import type { Budget } from "../../language/budget.ts";
import { alarmName } from "./alarms.ts";
import { silent } from "./automation/idle.ts";
import { beginRun, startWaiting, tellRun, trigger } from "./automation/triage.ts";
import { onElsewhere, onMerged, onUnmerged } from "./case/merge.ts";
import { openCase } from "./case/open.ts";
import type { Catalog } from "./catalog.ts";
import { beginTransition, line, showDeliveryStatus, type TransitionContext, tellSystem } from "./context.ts";
import { overCeiling, watchSaid } from "./customer/brake.ts";
import { onAmendment, onMessage } from "./customer/message.ts";
import { learnOptOut, onHelp, onOptIn, onOptOut, onRefusedForOptOut } from "./customer/opting.ts";
import type { Event } from "./event.ts";
import { finish } from "./finish.ts";
import { onCommand } from "./operator/command.ts";
import type { Outcome } from "./outcome.ts";
import { onFetched } from "./outgoing/files.ts";
import { onUndoOver, settleWords } from "./outgoing/send.ts";
import { isHeld } from "./policy.ts";
import { stopRuns } from "./runs.ts";
import { overfull, type State } from "./state.ts";

export interface TransitionOptions {
  catalog: Catalog;
  /** The conversation's id, which stands on its cards. */
  conversation: number;
  /** The budget that the event's conditions and texts may cost; whoever gives one learns from it what they did. */
  budget?: Budget;
}

/** Applies one event. The same state, event and catalog always give the same outcome. */
export function transition(state: State, event: Event, options: TransitionOptions): Outcome {
  const draft = beginTransition(state, event, options);
  learnOptOut(draft);
  apply(draft, event);
  for (let caused = draft.caused.shift(); caused !== undefined; caused = draft.caused.shift()) trigger(draft, caused);
  startWaiting(draft);
  watchSaid(draft);
  if (overfull(draft.state)) onOverfull(draft);
  return finish(draft);
}

function apply(draft: TransitionContext, event: Event): void {
  switch (event.kind) {
    case "message":
    case "choice":
      return onMessage(draft, event);
    case "opt_out":
      return onOptOut(draft, event);
    case "opt_in":
      return onOptIn(draft, event);
    case "help":
      return onHelp(draft, event);
    case "answer":
      return onAnswer(draft, event);
    case "alarm":
      return onAlarm(draft, event.alarm);
    case "edit":
    case "delete":
      return onAmendment(draft, event);
    case "withdrawn":
      return line(draft, "message.withdrawn", "The customer took the message back before it was handled");
    case "operator":
      return onCommand(draft, event);
    case "delivered":
      return showDeliveryStatus(draft, { ref: event.ref, message: null, question: null });
    case "merged":
      return onMerged(draft, event);
    case "unmerged":
      return onUnmerged(draft, event.into);
    case "elsewhere":
      return onElsewhere(draft, event);
    case "undelivered":
      return onUndelivered(draft, event);
    case "dropped":
      return onDropped(draft, event);
  }
}

/** T11: what workflows keep is what grows, so they are stopped and people go on. */
function onOverfull(draft: TransitionContext): void {
  line(draft, "state.full", "The workflows keep more of this conversation than can be stored, so a person takes over");
  stopRuns(draft, "they keep too much");
  if (isHeld(draft.state) && overfull(draft.state)) settleWords(draft);
  if (isHeld(draft.state) || draft.state.phase === "closed") return;
  const facts = { queue: null, priority: "normal", escalation: "failure", summary: null, say: null } as const;
  openCase(draft, { ...facts, reason: "The workflows kept too much to go on", known: {}, words: "say" });
}

function onAnswer(draft: TransitionContext, event: Extract<Event, { kind: "answer" }>): void {
  if (onFetched(draft, event.ask, event.result)) return;
  const run = draft.state.runs.find(({ waiting }) => waiting?.kind === "answer" && waiting.ask === event.ask);
  if (run === undefined) return line(draft, "answer.late", "Nothing waits for this answer any more");
  tellRun(draft, run, { kind: "answer", ask: event.ask, result: event.result });
}

function onAlarm(draft: TransitionContext, alarm: string): void {
  const name = alarmName(alarm);
  switch (name.kind) {
    case "undo":
      return onUndoOver(draft, name.ref);
    case "idle":
      return onIdle(draft, name.workflow);
    case "run":
      for (const run of draft.state.runs) if (tellRun(draft, run, { kind: "alarm", alarm: name.id })) return;
      return line(draft, "alarm.late", "Nothing waits for this alarm any more");
  }
}

function onIdle(draft: TransitionContext, id: string): void {
  if (!silent(draft, id))
    return line(draft, "idle.passed", `“${id}” was not started: the customer is not waiting on the bot`);
  const { live } = draft.catalog;
  const workflow = live.workflows.find((candidate) => candidate.id === id);
  if (workflow === undefined) return;
  beginRun(draft, workflow, { on: "conversation.idle", payload: {}, depth: 1, release: live });
}

function onDropped(draft: TransitionContext, { ref, reason, brake }: Extract<Event, { kind: "dropped" }>): void {
  if (brake !== undefined) return overCeiling(draft, reason);
  line(draft, "part.dropped", `A message was not sent, because ${reason}`);
  if (ref !== undefined) showDeliveryStatus(draft, { ref, message: null, question: null });
}

/** A part did not arrive, or nobody knows: a person hears of it. The customer does not, since nothing reaches them. */
function onUndelivered(draft: TransitionContext, event: Extract<Event, { kind: "undelivered" }>): void {
  // Told to the desk, this would fail again, and so on for ever.
  if (event.desk === true) return line(draft, "desk.unshown", `The desk could not show something: ${event.reason}`);
  if (event.optedOut === true) return onRefusedForOptOut(draft, event);
  const what = event.outcome === "parked" ? "It is unknown whether a message arrived" : "A message was not delivered";
  line(draft, `part.${event.outcome}`, `${what}: ${event.reason}`);
  const { phase, case: known } = draft.state;
  if (isHeld(draft.state) || (phase === "closed" && known !== null)) {
    if (event.ref !== undefined) showDeliveryStatus(draft, { ref: event.ref, message: null, question: null });
    return tellSystem(draft, `${what}: ${event.reason}`);
  }
  if (phase !== "open") return;
  const facts = { queue: null, priority: "normal", escalation: "failure", summary: event.reason, say: null } as const;
  openCase(draft, { ...facts, reason: what, known: {}, words: "silent" });
}
