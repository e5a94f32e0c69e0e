/**
 * Words on which a carrier acts by itself (STOP, START, HELP), and its refusals.
 *
 * 1. After an opt-out nothing is sent: waiting parts are dropped, workflows stop, and no case is opened for the word. A
 *    call that has not left is called off; people are told what came of a write that has (E4).
 * 2. The carrier confirms an opt-out, an opt-in and a wish for help in its own words, so we answer none of them.
 * 3. An opt-in ends it, and the next message begins a new dialogue. From somebody who has not opted out it is an
 *    ordinary message: "yes" answers questions, and some begin with "start".
 */

import { isHeld } from "../bot-policy.ts";
import { closeConversation } from "../case/close.ts";
import {
  cancelAlarm,
  change,
  changeCase,
  line,
  type TransitionContext,
  tellDeliveryStatus,
  tellSystem,
  transcriptMarkBefore,
} from "../context.ts";
import type { Event } from "../event.ts";
import { keepUnsent } from "../outgoing/opted-out.ts";
import { keepOldText } from "../outgoing/send.ts";
import { stopRuns } from "../runs.ts";
import type { OptOut } from "../state.ts";
import { mirrorToDesk, onMessage } from "./message.ts";
import { remember, senderNameOf } from "./remember.ts";
import { openUnanswered } from "./unanswered.ts";

type Keyword = Extract<Event, { kind: "opt_out" | "opt_in" | "help" }>;

/**
 * Takes over an opt-out, or its end, that another conversation of the thread received, where it is newer than this
 * one's.
 */
export function learnOptOut(context: TransitionContext): void {
  const { optOut } = context.event;
  if (optOut === undefined) return;
  const { optedOut: mine } = context.state;
  const { endedAt, ...rest } = optOut;
  // A conversation that has begun gets the word as an event.
  if (mine === null && endedAt === null && isNew(context)) change(context, { optedOut: { ...rest, opened: false } });
  if (mine === null || endedAt === null || endedAt <= mine.at) return;
  change(context, { optedOut: null });
  line(context, "opt_in", "The customer has opted in again in another conversation, so messages reach them");
}

const isNew = ({ state }: TransitionContext): boolean =>
  state.phase === "new" && state.lastMessage === 0 && state.case === null;

/** The customer wrote STOP, or its like. */
export function onOptOut(context: TransitionContext, event: Keyword): void {
  const before = context.state.optedOut;
  change(context, { lastMessage: event.message });
  remember(context, event);
  const word = event.text.trim();
  if (before?.word != null) {
    if (isHeld(context.state)) mirrorToDesk(context, event);
    return line(context, "opt_out.again", `The customer had opted out already, and wrote “${word}” again`);
  }
  const who = senderNameOf(context, event);
  line(context, "opt_out", `${who} opted out (${word}) of texts from ${event.ours}, so nothing is sent any more`);
  stopAllSending(context, { at: event.at.toISOString(), word, ours: event.ours, opened: before?.opened ?? false });
  if (isUnclaimedOptOutCase(context) || !isHeld(context.state)) return closeConversation(context, "opted out", 1);
  mirrorToDesk(context, event);
  tellSystem(
    context,
    `${who} opted out (${word}) of texts from ${event.ours}. Nothing reaches them until they write START.`,
  );
  // They can't be answered here.
  changeCase(context, { waitingSince: null });
}

/** Stops all runs and alarms, and drops everything that waits to be sent (1). */
function stopAllSending(context: TransitionContext, optOut: OptOut): void {
  change(context, { optedOut: optOut });
  context.cutOff = true;
  stopRuns(context, "the customer opted out");
  for (const workflow of context.state.idle) cancelAlarm(context, { kind: "idle", workflow });
  change(context, { idle: [], waiting: [] });
  for (const words of context.state.case?.words ?? []) {
    if (words.stage === "correction") keepOldText(context, words);
    else if (words.stage !== "sent") keepUnsent(context, words);
  }
}

/** True for an unclaimed case that was opened only because the bot could not answer. */
const isUnclaimedOptOutCase = ({ state }: TransitionContext): boolean =>
  isHeld(state) && state.optedOut?.opened === true && state.case?.holder === null;

/** The customer wrote START, or its like. */
export function onOptIn(context: TransitionContext, event: Keyword): void {
  if (context.state.optedOut === null) return onMessage(context, { ...event, kind: "message" });
  const word = event.text.trim();
  const who = senderNameOf(context, event);
  const forThis = isUnclaimedOptOutCase(context);
  line(context, "opt_in", `${who} opted in again (${word}), so messages reach them`);
  change(context, { lastMessage: event.message, optedOut: null });
  remember(context, event);
  if (isHeld(context.state)) {
    mirrorToDesk(context, event);
    const then = forThis ? "Nobody had claimed the case, so the bot answers again." : "You can write to them.";
    tellSystem(context, `${who} opted in again (${word}): texts from ${event.ours} reach them. ${then}`);
    if (!forThis) return;
    changeCase(context, {
      held: false,
      status: "with the bot",
      waitingSince: null,
      shownUntil: transcriptMarkBefore(context),
    });
  }
  // A merged case stays closed.
  if (context.state.case?.mergedInto == null) change(context, { phase: "new", resolution: null, closedAt: null });
}

/** The customer wrote HELP, or its like. Nothing changes. */
export function onHelp(context: TransitionContext, event: Keyword): void {
  change(context, { lastMessage: event.message });
  line(context, "help", `The carrier answers “${event.text.trim()}” in its own words, so nothing is said`);
  if (isHeld(context.state)) mirrorToDesk(context, event);
}

/** The platform refused a part because the customer had opted out, which it may not have reported before. */
export function onRefusedForOptOut(context: TransitionContext, event: Extract<Event, { kind: "undelivered" }>): void {
  line(context, `part.${event.outcome}`, `A message was not delivered: ${event.reason}`);
  if (event.ref !== undefined) tellDeliveryStatus(context, { ref: event.ref, message: null, question: null });
  if (context.state.optedOut !== null) return;
  const known = "The customer has opted out of texts, as the carrier says";
  line(context, "opt_out", `${known}, so nothing is sent any more`);
  stopAllSending(context, { at: event.at.toISOString(), word: null, ours: null, opened: false });
  if (isHeld(context.state)) return tellSystem(context, `${known}. Nothing reaches them until they write START.`);
  if (context.state.phase === "open") openUnanswered(context, `${known}. Nothing reaches them until they write START`);
}
