/**
 * Words that a carrier acts on by itself, and its refusals.
 *
 * 1. After an opt-out nothing of ours leaves: what waits is cut off, workflows stop, and no case is opened for the word.
 *    A call that was decided before is still made (it may be an order); its answer goes nowhere.
 * 2. The carrier confirms an opt-out, an opt-in and a wish for help in its own words, so we say nothing to either.
 * 3. An opt-in ends it, and the dialogue begins anew with the next message. Of somebody who has not opted out it is a
 *    message like any other: "yes" answers questions, and "start" is how some begin.
 */
import { closeConversation } from "../case/close.ts";
import {
  cancelAlarm,
  change,
  changeCase,
  lettingGo,
  line,
  showDeliveryStatus,
  type TransitionContext,
  tellSystem,
} from "../context.ts";
import type { Event } from "../event.ts";
import { keepUnsent } from "../outgoing/opted-out.ts";
import { leaveOld } from "../outgoing/send.ts";
import { isHeld } from "../policy.ts";
import { stopRuns } from "../runs.ts";
import type { OptOut } from "../state.ts";
import { mirror, onMessage } from "./message.ts";
import { nameOf, remember } from "./remember.ts";
import { toPeopleUnanswered } from "./unanswered.ts";

type Keyword = Extract<Event, { kind: "opt_out" | "opt_in" | "help" }>;

/**
 * Other conversations of the thread may have heard of an opt-out, or of its end, that this one has not: what was known when
 * the event came counts, where it is newer than what this one knows.
 */
export function learnOptOut(draft: TransitionContext): void {
  const { optOut } = draft.event;
  if (optOut === undefined) return;
  const { optedOut: mine } = draft.state;
  const { endedAt, ...rest } = optOut;
  // A conversation that has begun hears the word itself.
  if (mine === null && endedAt === null && isNew(draft)) change(draft, { optedOut: { ...rest, opened: false } });
  if (mine === null || endedAt === null || endedAt <= mine.at) return;
  change(draft, { optedOut: null });
  line(draft, "opt_in", "The customer has opted in again in another conversation, so messages reach them");
}

const isNew = ({ state }: TransitionContext): boolean =>
  state.phase === "new" && state.lastMessage === 0 && state.case === null;

/** The customer wrote STOP, or its like. */
export function onOptOut(draft: TransitionContext, event: Keyword): void {
  const before = draft.state.optedOut;
  change(draft, { lastMessage: event.message });
  remember(draft, event);
  const word = event.text.trim();
  if (before?.word != null) {
    if (isHeld(draft.state)) mirror(draft, event);
    return line(draft, "opt_out.again", `The customer had opted out already, and wrote “${word}” again`);
  }
  const who = nameOf(draft, event);
  line(draft, "opt_out", `${who} opted out (${word}) of texts from ${event.ours}, so nothing is sent any more`);
  cutOff(draft, { at: event.at.toISOString(), word, ours: event.ours, opened: before?.opened ?? false });
  if (unclaimedForThis(draft) || !isHeld(draft.state)) return closeConversation(draft, "opted out", 1);
  mirror(draft, event);
  tellSystem(
    draft,
    `${who} opted out (${word}) of texts from ${event.ours}. Nothing reaches them until they write START.`,
  );
  // No answer is owed to them here.
  changeCase(draft, { waitingSince: null });
}

/** Everything under way ends, and what waits to leave never does (1). */
function cutOff(draft: TransitionContext, optOut: OptOut): void {
  change(draft, { optedOut: optOut });
  draft.cutOff = true;
  stopRuns(draft, "the customer opted out");
  for (const workflow of draft.state.idle) cancelAlarm(draft, { kind: "idle", workflow });
  change(draft, { idle: [], waiting: [] });
  for (const words of draft.state.case?.words ?? []) {
    if (words.stage === "correction") leaveOld(draft, words);
    else if (words.stage !== "sent") keepUnsent(draft, words);
  }
}

/** The case has no other reason than that the bot could not answer, and nobody has taken it. */
const unclaimedForThis = ({ state }: TransitionContext): boolean =>
  isHeld(state) && state.optedOut?.opened === true && state.case?.holder === null;

/** The customer wrote START, or its like. */
export function onOptIn(draft: TransitionContext, event: Keyword): void {
  if (draft.state.optedOut === null) return onMessage(draft, { ...event, kind: "message" });
  const word = event.text.trim();
  const who = nameOf(draft, event);
  const forThis = unclaimedForThis(draft);
  line(draft, "opt_in", `${who} opted in again (${word}), so messages reach them`);
  change(draft, { lastMessage: event.message, optedOut: null });
  remember(draft, event);
  if (isHeld(draft.state)) {
    mirror(draft, event);
    const then = forThis ? "Nobody had claimed the case, so the bot answers again." : "You can write to them.";
    tellSystem(draft, `${who} opted in again (${word}): texts from ${event.ours} reach them. ${then}`);
    if (!forThis) return;
    changeCase(draft, { held: false, status: "with the bot", waitingSince: null, shownUntil: lettingGo(draft) });
  }
  // A merged case goes on elsewhere.
  if (draft.state.case?.mergedInto == null) change(draft, { phase: "new", resolution: null, closedAt: null });
}

/** The customer wrote HELP, or its like: whatever is open stays open. */
export function onHelp(draft: TransitionContext, event: Keyword): void {
  change(draft, { lastMessage: event.message });
  line(draft, "help", `The carrier answers “${event.text.trim()}” in its own words, so nothing is said`);
  if (isHeld(draft.state)) mirror(draft, event);
}

/** The platform refused a part, because the customer had opted out: of that we may not have heard otherwise. */
export function onRefusedForOptOut(draft: TransitionContext, event: Extract<Event, { kind: "undelivered" }>): void {
  line(draft, `part.${event.outcome}`, `A message was not delivered: ${event.reason}`);
  if (event.ref !== undefined) showDeliveryStatus(draft, { ref: event.ref, message: null, question: null });
  if (draft.state.optedOut !== null) return;
  const known = "The customer has opted out of texts, as the carrier says";
  line(draft, "opt_out", `${known}, so nothing is sent any more`);
  cutOff(draft, { at: event.at.toISOString(), word: null, ours: null, opened: false });
  if (isHeld(draft.state)) return tellSystem(draft, `${known}. Nothing reaches them until they write START.`);
  if (draft.state.phase === "open") toPeopleUnanswered(draft, `${known}. Nothing reaches them until they write START`);
}
