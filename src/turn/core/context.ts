/**
 * A transition under construction: the state as it changes and what has been decided so far. It lives for one call of
 * `transition`; from outside, the transition is a pure function.
 */

import { fit } from "../../adapter/fit.ts";
import type { OutgoingMessage, PartChange } from "../../adapter/part.ts";
import type { DeskEntry, DeskQuestion, TranscriptMark } from "../../domain/case.ts";
import { FRONTDESK } from "../../domain/reach.ts";
import { type Budget, newBudget } from "../../language/budget.ts";
import type { TriggerName } from "../../workflow/definition.ts";
import { type AlarmName, alarmId } from "./alarms.ts";
import type { Ask } from "./ask.ts";
import { isHeld } from "./bot-policy.ts";
import type { Catalog, ChannelShape } from "./catalog.ts";
import { type Event, spokenMessage } from "./event.ts";
import type { Alarm, Audit, JournalLine, Relay, Tell } from "./outcome.ts";
import type { CaseState, State } from "./state.ts";

export interface TransitionContext {
  state: State;
  readonly event: Event;
  readonly catalog: Catalog;
  readonly conversation: number;
  /** The budget left for the conditions and texts of this event, all its workflows together. */
  readonly budget: Budget;
  readonly asks: Ask[];
  readonly tells: Tell[];
  readonly alarms: Map<string, Alarm>;
  readonly cancelled: Set<string>;
  readonly audits: Audit[];
  readonly relays: Relay[];
  readonly lines: JournalLine[];
  /** Events within this transition that workflows may be waiting for; triggered when the event itself is done. */
  readonly caused: Caused[];
  /** Tells whether the case's card has to be shown anew when all is decided. */
  cardChanged: boolean;
  /** Tells whether nothing that waits for the customer may leave any more. */
  cutOff: boolean;
  /** How many ids' worth of work was begun, so that each gets its own prefix. */
  idCount: number;
}

export interface Caused {
  on: Extract<TriggerName, "conversation.closed" | "conversation.handed_back">;
  payload: Readonly<Record<string, unknown>>;
  /** How many workflows led here by triggering each other. */
  depth: number;
}

export interface Begin {
  catalog: Catalog;
  conversation: number;
  /** Whoever gives one learns from it what the event cost. */
  budget?: Budget;
}

export function beginTransition(state: State, event: Event, { budget = newBudget(), ...o }: Begin): TransitionContext {
  return {
    state,
    event,
    ...o,
    budget,
    asks: [],
    tells: [],
    alarms: new Map(),
    cancelled: new Set(),
    audits: [],
    relays: [],
    lines: [],
    caused: [],
    cardChanged: false,
    cutOff: false,
    idCount: 0,
  };
}

export function change(context: TransitionContext, to: Partial<State>): void {
  context.state = { ...context.state, ...to };
}

/** Changes the case; its card is shown anew at the end. */
export function changeCase(context: TransitionContext, to: Partial<CaseState>): void {
  const before = context.state.case;
  if (before === null) return;
  const after = { ...before, ...to };
  const keys = Object.keys(after) as (keyof CaseState)[];
  if (keys.every((key) => after[key] === before[key])) return;
  change(context, { case: after });
  context.cardChanged = true;
}

export function line(context: TransitionContext, code: string, message: string): void {
  context.lines.push({ code, message });
}

export function setAlarm(context: TransitionContext, name: AlarmName, dueAt: Date): void {
  const id = alarmId(name);
  context.cancelled.delete(id);
  context.alarms.set(id, { id, dueAt });
}

export function cancelAlarm(context: TransitionContext, name: AlarmName): void {
  const id = alarmId(name);
  context.alarms.delete(id);
  context.cancelled.add(id);
}

/** Abilities that any channel has: a channel of a newer release, or one that is gone, loses no option and no word. */
const UNKNOWN_CHANNEL: Pick<ChannelShape, "can" | "measure"> = {
  measure: (text) => text.length,
  can: {
    text: { max: 1_000, unit: "characters" },
    options: { support: "fallback", max: 9, maxLabel: 24 },
    reservedWords: [],
    attachments: { support: "dropped", maxBytes: 0 },
    edit: "dropped",
    hint: "dropped",
    typing: "dropped",
    reconcile: "dropped",
    receipts: "dropped",
    quietMs: 0,
  },
};

interface Speaker {
  kind: "reply" | "notice";
  author: "bot" | "operator";
  authorName: string;
  /** Names an operator's words; left out for the bot's. */
  words?: { ref: string; shown: boolean };
}

const BOT_REPLY: Speaker = { kind: "reply", author: "bot", authorName: "" };
export const BOT_NOTICE: Speaker = { kind: "notice", author: "bot", authorName: "" };

/** How the customer's channel shows things. */
export const channelOf = (context: TransitionContext): Pick<ChannelShape, "can" | "measure"> =>
  context.catalog.channel(context.state.channel) ?? UNKNOWN_CHANNEL;

/**
 * Says something to the customer, cut to what the channel can carry; a case's thread shows it too, or, where it shows the
 * operator's words already, what becomes of them. Answers with the number of parts: none for whoever opted out.
 */
export function tellCustomer(
  context: TransitionContext,
  message: OutgoingMessage,
  speaker: Speaker = BOT_REPLY,
): number {
  if (context.state.optedOut !== null) {
    line(context, "say.opted_out", "Not sent: the customer opted out");
    return 0;
  }
  const { can, measure } = channelOf(context);
  const { words, ...by } = speaker;
  const ref = words?.ref ?? null;
  const parts = fit(message, can, measure).map((part) => (ref === null ? part : { ...part, ref }));
  context.tells.push({ ...by, text: parts.map((part) => part.text).join(""), parts, ref });
  const mirrors = context.tells.length - 1;
  if (words?.shown === true) tellDeliveryStatus(context, { ref: words.ref, message: null, question: null, mirrors });
  else if (isHeld(context.state) || speaker.author === "operator") {
    const kind = speaker.author === "bot" ? "bot" : "reply";
    const shown = { kind, author: speaker.authorName || FRONTDESK.name, text: message.text, internal: false } as const;
    tellDesk(context, ref === null ? shown : { ...shown, ref }, mirrors);
  }
  return parts.length;
}

/** Changes what was sent, or tells one person of the thread something. */
export function tellChannel(context: TransitionContext, part: PartChange): void {
  if (context.state.optedOut === null) context.tells.push({ kind: "channel", part });
}

interface DeliveryMark {
  ref: string;
  /** null: how far their delivery has come. */
  message: string | null;
  question: DeskQuestion | null;
  mirrors?: number | null;
}

/** Shows what became of an operator's words. */
export function tellDeliveryStatus(context: TransitionContext, { mirrors = null, ...shown }: DeliveryMark): void {
  if (context.state.case === null) return;
  context.tells.push({ kind: "desk", part: { kind: "mark", ...shown }, mirrors });
}

type ShownEntry = Omit<DeskEntry, "at" | "message">;

/** Shows a line in the case's thread, where there is a case. */
export function tellDesk(context: TransitionContext, entry: ShownEntry, mirrors: number | null = null): void {
  if (context.state.case === null) return;
  const message = spokenMessage(context.event);
  const at = context.event.at.toISOString();
  const customers = entry.kind === "customer";
  const shown = {
    ...(customers ? { channel: context.state.channel } : {}),
    ...entry,
    at,
    message: customers ? message : null,
  };
  context.tells.push({ kind: "desk", part: { kind: "entry", entry: shown }, mirrors });
}

/** Shows a line of the desk's own. */
export const tellSystem = (context: TransitionContext, text: string): void =>
  tellDesk(context, { kind: "system", author: FRONTDESK.name, text, internal: true });

/** Tells one operator something that nobody else needs to see. */
export function hint(context: TransitionContext, operator: string, text: string): void {
  context.tells.push({ kind: "desk", part: { kind: "hint", operator, text }, mirrors: null });
}

/** Up to where the dialogue has come with this event. */
export const transcriptMark = ({ state, event }: TransitionContext): TranscriptMark => ({
  message: state.lastMessage,
  at: event.at.toISOString(),
});

/** The point at which people let go: what is said within the same event, by the bot that goes on, comes after it. */
export const transcriptMarkBefore = (context: TransitionContext): TranscriptMark => ({
  message: context.state.lastMessage,
  at: new Date(context.event.at.getTime() - 1).toISOString(),
});
