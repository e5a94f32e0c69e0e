/**
 * `transition` is the only place that decides (T1): it applies one event to a conversation and returns the effects.
 *
 * 1. Pure and total: no clock, no randomness, no I/O; defined for every state and every event (T1, T10).
 * 2. It never waits. An effect that needs a result is an ask; the answer comes back as an event (T3).
 * 3. The bot says nothing while people hold the conversation (T8).
 * 4. Late and repeated answers and alarms change nothing (T5).
 */
import type { Budget } from "../../language/budget.ts";
import { alarmName } from "./alarms.ts";
import { isIdleDue } from "./automation/idle.ts";
import { beginRun, startWaiting, tellRun, trigger } from "./automation/triage.ts";
import { isHeld } from "./bot-policy.ts";
import { closeConversation } from "./case/close.ts";
import { onLateAnswer, tellUnheard, tellUnsure } from "./case/late-answer.ts";
import { onElsewhere, onMerged, onUnmerged } from "./case/merge.ts";
import { openCase } from "./case/open.ts";
import { alsoParked, endSuspended, keepForSuspended, openForParked, resumeAfter } from "./case/suspend.ts";
import type { Catalog } from "./catalog.ts";
import { beginTransition, change, line, type TransitionContext, tellDeliveryStatus, tellSystem } from "./context.ts";
import { brakeReplies, onCeilingReached } from "./customer/brake.ts";
import { onAmendment, onMessage } from "./customer/message.ts";
import { onNamed } from "./customer/named.ts";
import { learnOptOut, onHelp, onOptIn, onOptOut, onRefusedForOptOut } from "./customer/opting.ts";
import { takeUnread } from "./customer/unread.ts";
import type { Event } from "./event.ts";
import { finish } from "./finish.ts";
import { onCommand } from "./operator/command.ts";
import type { TransitionOutcome } from "./outcome.ts";
import { onFetched } from "./outgoing/files.ts";
import { onUndoOver, settlePending } from "./outgoing/send.ts";
import { isAwaited, stopRuns } from "./runs.ts";
import { type Deferred, isOverfull, type State } from "./state.ts";

export interface TransitionOptions {
  catalog: Catalog;
  /** The conversation's id. */
  conversation: number;
  /** Number of the turn, which all events that are folded together share; left out: the event is alone in its turn. */
  turn?: number;
  /** Budget of the event's conditions and texts; shared with the caller, who reads from it what they cost. */
  budget?: Budget;
}

/** Applies one event. The same state, event and catalog always give the same outcome. */
export function transition(state: State, event: Event, options: TransitionOptions): TransitionOutcome {
  const context = beginTransition(state, event, options);
  learnOptOut(context);
  apply(context, event);
  for (let caused = context.caused.shift(); caused !== undefined; caused = context.caused.shift())
    trigger(context, caused);
  startWaiting(context);
  takeUnread(context);
  brakeReplies(context);
  if (isOverfull(context.state)) onOverfull(context);
  tellUnheard(context);
  tellUnsure(context);
  return finish(context);
}

function apply(context: TransitionContext, event: Event): void {
  switch (event.kind) {
    case "message":
    case "choice":
      return onMessage(context, event);
    case "opt_out":
      endSuspended(context);
      return onOptOut(context, event);
    case "opt_in":
      endSuspended(context);
      return onOptIn(context, event);
    case "help":
      return onHelp(context, event);
    case "answer":
      return onAnswer(context, event);
    case "alarm":
      return onAlarm(context, event.alarm);
    case "edit":
    case "delete":
      return onAmendment(context, event);
    case "named":
      return onNamed(context, event);
    case "withdrawn":
      return line(context, "message.withdrawn", "The customer took the message back before it was handled");
    case "operator":
      endSuspended(context);
      return onCommand(context, event);
    case "delivered":
      return tellDeliveryStatus(context, { ref: event.ref, message: null, question: null });
    case "merged":
      endSuspended(context);
      return onMerged(context, event);
    case "unmerged":
      return onUnmerged(context, event.into);
    case "elsewhere":
      return onElsewhere(context, event);
    case "undelivered":
      return onUndelivered(context, event);
    case "dropped":
      return onDropped(context, event);
    case "arrived":
      return onArrived(context, event);
  }
}

/** T11: what workflows store is what grows, so they are stopped and people take over. */
function onOverfull(context: TransitionContext): void {
  line(
    context,
    "state.full",
    "The workflows keep more of this conversation than can be stored, so a person takes over",
  );
  // What a suspended workflow keeps, and what came for it, counts too.
  endSuspended(context);
  stopRuns(context, "it keeps too much");
  if (isHeld(context.state) && isOverfull(context.state)) settlePending(context);
  dropNotes(context);
  if (isHeld(context.state) || context.state.phase === "closed") return;
  const facts = { queue: null, priority: "normal", escalation: "failure", summary: null, say: null } as const;
  openCase(context, { ...facts, reason: "The workflows stored too much to continue", known: {}, words: "say" });
}

/** Drops the oldest notes until the state fits; the journal has them. */
function dropNotes(context: TransitionContext): void {
  for (let [oldest, ...rest] = context.state.notes; oldest !== undefined && isOverfull(context.state); ) {
    line(context, "note.left_out", `An older note is not kept: ${oldest}`);
    change(context, { notes: rest });
    [oldest, ...rest] = rest;
  }
}

function onAnswer(context: TransitionContext, event: Extract<Event, { kind: "answer" }>): void {
  if (onFetched(context, event.ask, event.result)) return;
  const { ask, result } = event;
  const input = { kind: "answer", ask, result } as const;
  const run = context.state.runs.find((one) => isAwaited(one, input));
  if (run !== undefined) return void tellRun(context, run, input);
  if (!keepForSuspended(context, input)) onLateAnswer(context, event);
}

function onAlarm(context: TransitionContext, alarm: string): void {
  const name = alarmName(alarm);
  switch (name.kind) {
    case "undo":
      return onUndoOver(context, name.ref);
    case "idle":
      return onIdle(context, name.workflow);
    case "silence":
      return onSilence(context);
    case "stranded":
      return onStranded(context);
    case "run":
      for (const run of context.state.runs) if (tellRun(context, run, { kind: "alarm", alarm: name.id })) return;
      if (keepForSuspended(context, { kind: "alarm", alarm: name.id })) return;
      return line(context, "alarm.late", "Nothing waits for this alarm any more");
  }
}

function onIdle(context: TransitionContext, id: string): void {
  if (!isIdleDue(context, id))
    return line(context, "idle.passed", `“${id}” was not started: the customer is not waiting on the bot`);
  const { live } = context.catalog;
  const workflow = live.workflows.find((candidate) => candidate.id === id);
  if (workflow === undefined) return;
  beginRun(context, workflow, { on: "conversation.idle", payload: {}, depth: 1, release: live });
}

/** True where somebody has the conversation, it is closed, or the customer wrote when the alarm was raised. */
function isPast({ state, event }: TransitionContext): boolean {
  const wrote = event.kind === "alarm" && event.after !== undefined && event.after !== state.lastMessage;
  return wrote || state.phase === "closed" || isHeld(state);
}

/** Nobody has written for so long that nobody waits any more. */
function onSilence(context: TransitionContext): void {
  if (isPast(context)) return line(context, "silence.passed", "Somebody has the conversation, or it is closed");
  line(context, "conversation.silent", "Nobody has written for a long time, so the conversation is closed");
  closeConversation(context, "abandoned", 0);
}

/** U4: nothing would ever happen here, so people get the conversation. */
function onStranded(context: TransitionContext): void {
  if (isPast(context)) return line(context, "stranded.passed", "Somebody has the conversation, or it is closed");
  line(context, "conversation.stranded", "Nothing would have happened in this conversation any more");
  const facts = { queue: null, priority: "normal", escalation: "failure", summary: null, say: null } as const;
  openCase(context, { ...facts, reason: "The bot stopped before it was done", known: {}, words: "say" });
}

function onDropped(context: TransitionContext, { ref, reason, brake }: Extract<Event, { kind: "dropped" }>): void {
  if (brake !== undefined) return onCeilingReached(context, reason);
  line(context, "part.dropped", `A message was not sent, because ${reason}`);
  if (ref !== undefined) tellDeliveryStatus(context, { ref, message: null, question: null });
}

/** A part failed or is parked: people are told. The customer is not, since nothing reaches them. */
function onUndelivered(context: TransitionContext, event: Extract<Event, { kind: "undelivered" }>): void {
  // Not shown at the desk: that would fail again, without end.
  if (event.desk === true) return line(context, "desk.unshown", `The desk could not show something: ${event.reason}`);
  // The bot can't go on once another part has failed, whatever becomes of the ones before.
  if (event.outcome !== "parked" || !alsoParked(context, event.outbox)) endSuspended(context);
  if (event.optedOut === true) return onRefusedForOptOut(context, event);
  const what = event.outcome === "parked" ? "It is unknown whether a message arrived" : "A message was not delivered";
  line(context, `part.${event.outcome}`, `${what}: ${event.reason}`);
  const { phase, case: known } = context.state;
  if (isHeld(context.state) || (phase === "closed" && known !== null)) {
    if (event.ref !== undefined) tellDeliveryStatus(context, { ref: event.ref, message: null, question: null });
    return tellSystem(context, `${what}: ${event.reason}`);
  }
  if (phase !== "open") return;
  const facts = { queue: null, priority: "normal", escalation: "failure", summary: event.reason, say: null } as const;
  const handoff = { ...facts, reason: what, known: {}, words: "silent" } as const;
  if (event.outcome === "parked") openForParked(context, event.outbox, handoff);
  else openCase(context, handoff);
}

/** A part that was parked has arrived after all: people are told, and the alarm is taken back (E2). */
function onArrived(context: TransitionContext, { outbox, ref }: Extract<Event, { kind: "arrived" }>): void {
  line(context, "part.arrived", "A message of unknown outcome has arrived after all");
  if (ref !== undefined) tellDeliveryStatus(context, { ref, message: null, question: null });
  if (context.state.case === null) return;
  const kept = resumeAfter(context, outbox);
  tellSystem(context, `The message has arrived after all${kept === null ? "" : ", so the bot goes on"}.`);
  for (const one of kept ?? []) tellKept(context, one);
}

/** Gives a run an input that came while it was suspended; one that may not ask yet defers it once more. */
function tellKept(context: TransitionContext, { run: id, input }: Deferred): void {
  const run = context.state.runs.find((one) => one.id === id);
  if (run !== undefined) tellRun(context, run, input);
}
