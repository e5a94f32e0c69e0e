/**
 * Brakes: when a customer writes, or the bot says, more than people do, the bot stops and a person takes over.
 *
 * 1. No message is lost: those beyond a sender's limit are in the transcript, and the journal says why they were not
 *    answered. They are not shown at the desk one by one, which would pass the flood on.
 * 2. People are told once. Of a sender's many new conversations one becomes a case: that of the first message beyond
 *    the limit, which store-inbound.ts marks. The others stay as they are.
 * 3. Only the bot is stopped, never an operator. A handback to the bot resets the counts.
 */

import { customerName } from "../../../domain/customer-name.ts";
import { exceededWindow, type Pace, type PaceWindow } from "../../../domain/limits.ts";
import { FRONTDESK } from "../../../domain/reach.ts";
import { isHeld } from "../bot-policy.ts";
import { openCase, SILENT_HANDOFF } from "../case/open.ts";
import { endSuspended } from "../case/suspend.ts";
import { change, line, type TransitionContext, tellSystem } from "../context.ts";
import { detectLoop, recordBotText, recordCustomerText } from "../loop.ts";
import { isForCustomer } from "../outcome.ts";
import { countSent, spentWindow, type Traffic } from "../traffic.ts";
import type { Spoken } from "./prompt.ts";
import { markWaiting, remember, senderNameOf } from "./remember.ts";

const BRAKES = ["sender", "thread", "loop", "channel"] as const;
type BrakeName = (typeof BRAKES)[number];

/** Prefix of the codes of lines that say that the bot was stopped. */
const BRAKE_CODE = "brake.";
/** Code of the line for a message that was kept unread. */
export const KEPT_CODE = "kept.unread";

/** The brake that a line's code belongs to; null: none. */
export const brakeOf = (code: string): BrakeName | null =>
  BRAKES.find((brake) => code === `${BRAKE_CODE}${brake}`) ?? null;

const WINDOW: Readonly<Record<PaceWindow, string>> = { minute: "a minute", hour: "an hour", day: "a day" };

/**
 * Keeps a message unanswered that is beyond its sender's limit, and stops the bot at the first. False: it is within the
 * limit.
 */
export function keepUnread(context: TransitionContext, event: Spoken): boolean {
  const { unread } = context.state.traffic;
  const { pace } = event;
  const window = pace === undefined ? null : exceededWindow(pace, context.catalog.live.limits.sender);
  if (pace === undefined || window === null) {
    if (unread > 0) resumeReading(context, unread);
    return false;
  }
  line(context, KEPT_CODE, "Its sender writes too much, so it was kept in the transcript and not answered");
  changeTraffic(context, { unread: unread + 1 });
  if (isHeld(context.state)) markWaiting(context);
  if (unread > 0 || (context.state.phase === "new" && pace.first !== true)) {
    change(context, { lastMessage: event.message });
    return true;
  }
  stopForSender(context, event, { pace, window });
  return true;
}

function stopForSender(
  context: TransitionContext,
  event: Spoken,
  { pace, window }: { pace: Pace; window: PaceWindow },
): void {
  change(context, { lastMessage: event.message });
  remember(context, event);
  const message = `${senderNameOf(context, event)} wrote ${pace[window]} messages in ${WINDOW[window]}; the bot has stopped answering`;
  const into = context.state.case?.mergedInto ?? null;
  if (into !== null) {
    line(context, `${BRAKE_CODE}sender`, message);
    const said = { channel: context.state.channel, author: FRONTDESK.name, text: `${message}.` };
    return void context.relays.push({
      conversation: into,
      happening: { kind: "elsewhere", from: context.conversation, ...said },
    });
  }
  stopBot(context, "sender", message);
  tellSystem(context, "What else they write is kept in the transcript, and shown here again when they write less.");
}

function resumeReading(context: TransitionContext, unread: number): void {
  changeTraffic(context, { unread: 0 });
  tellSystem(
    context,
    `${unread} ${unread === 1 ? "message before this one is" : "messages before this one are"} only in the transcript.`,
  );
}

/** Counts what the bot says in this event, and stops the bot at a limit or in a loop. */
export function brakeReplies(context: TransitionContext): void {
  const said = context.tells.flatMap((tell) => (isForCustomer(tell) && tell.author === "bot" ? [tell] : []));
  const { event } = context;
  const spoken = event.kind === "message" || event.kind === "choice";
  // A repeated press is not a message of the customer's, but the bot's answer to it counts.
  const words = spoken && context.state.lastMessage === event.message;
  if (words && (context.state.phase === "open" || said.length > 0)) {
    changeTraffic(context, { loop: recordCustomerText(context.state.traffic.loop, event.text, event.at) });
  }
  if (said.length === 0) return;
  const { at } = event;
  const { limits } = context.catalog.live;
  const parts = said.reduce((sum, tell) => sum + tell.parts.length, 0);
  const heard = recordBotText(context.state.traffic.loop, said.map(({ text }) => text).join("\n"), at);
  const { loop, message } = detectLoop(heard, limits.loop, at);
  change(context, { traffic: { ...countSent(context.state.traffic, parts, at), loop } });
  if (isHeld(context.state)) return;
  const window = spentWindow(context.state.traffic, limits.thread, at);
  const name = customerName(context.state.contact, "The customer");
  if (message !== null)
    return stopBot(context, "loop", `${name} ${message}, like an automatic reply; the bot has stopped answering`);
  if (window === null) return;
  // Further presses get no answer (prompt.ts), and a closed conversation stays closed.
  if (spoken && !words && context.state.phase === "closed") return;
  const sent = `The bot sent ${context.state.traffic.sent?.[window].n} messages here in ${WINDOW[window]}`;
  stopBot(context, "thread", `${sent} and has stopped answering`);
}

/**
 * A reply was not sent because its channel may send no more today. An open conversation goes to a person; a closed or
 * merged one stays as it is. The desk is told once a day.
 */
export function onCeilingReached(context: TransitionContext, message: string): void {
  const today = context.event.at.toISOString().slice(0, "2026-01-01".length);
  if (context.state.traffic.overOn === today)
    return line(context, "part.dropped", `A message was not sent: ${message}`);
  changeTraffic(context, { overOn: today });
  if (context.state.phase === "open") return stopBot(context, "channel", message);
  line(context, `${BRAKE_CODE}channel`, message);
  tellSystem(context, `A message was not sent: ${message}.`);
}

/** Hands over to a person with the reason. The customer is told nothing, since that would be one more message. */
function stopBot(context: TransitionContext, brake: BrakeName, message: string): void {
  line(context, `${BRAKE_CODE}${brake}`, message);
  if (isHeld(context.state)) {
    endSuspended(context);
    return tellSystem(context, `${message}.`);
  }
  openCase(context, { ...SILENT_HANDOFF, queue: context.state.case?.queue ?? null, reason: message });
}

function changeTraffic(context: TransitionContext, to: Partial<Traffic>): void {
  change(context, { traffic: { ...context.state.traffic, ...to } });
}
