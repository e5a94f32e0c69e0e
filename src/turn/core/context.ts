/**
 * The working state of one transition: the conversation's state as it changes, and the effects decided so far. It lives
 * for one call of `transition`, which stays pure from outside.
 */

import { fit } from "../../adapter/fit.ts";
import type { OutgoingMessage, PartChange } from "../../adapter/part.ts";
import type { CallResult } from "../../domain/call.ts";
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
  /** Budget left for this event's conditions and texts, shared by all its workflows. */
  readonly budget: Budget;
  /** Number of the turn, which all events that are folded together share. */
  readonly turn: number;
  readonly asks: Ask[];
  /** Asks that are not wanted any more (E4). */
  readonly calledOff: Set<string>;
  /** Outcomes of writes that had come for runs which were stopped before they could read them (E4). */
  readonly unheard: { operation: string; result: CallResult }[];
  /** Words on writes of unknown outcome that `on_error:` steps have taken up. */
  readonly unsure: string[];
  readonly tells: Tell[];
  readonly alarms: Map<string, Alarm>;
  readonly cancelled: Set<string>;
  readonly audits: Audit[];
  readonly relays: Relay[];
  readonly lines: JournalLine[];
  /** Occasions within this transition that may trigger workflows; offered when the event itself is done. */
  readonly caused: Caused[];
  /** True when the case's card has to be shown again at the end. */
  cardChanged: boolean;
  /** True when nothing that waits for the customer may leave any more. */
  cutOff: boolean;
  /** Number of id prefixes given out within this event. */
  idCount: number;
}

export interface Caused {
  on: Extract<TriggerName, "conversation.closed" | "conversation.handed_back" | "procedure.ended">;
  payload: Readonly<Record<string, unknown>>;
  /** Length of the chain of workflows that triggered each other. */
  depth: number;
}

export interface Begin {
  catalog: Catalog;
  conversation: number;
  /** Number of the turn; left out: the event is alone in its turn. */
  turn?: number;
  /** Shared with the caller, who reads from it what the event cost. */
  budget?: Budget;
}

export function beginTransition(
  state: State,
  event: Event,
  { budget = newBudget(), turn = event.id, ...o }: Begin,
): TransitionContext {
  return {
    state,
    event,
    ...o,
    turn,
    budget,
    asks: [],
    calledOff: new Set(),
    unheard: [],
    unsure: [],
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

/** Changes the case, whose card is then shown again at the end. */
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

/**
 * Capabilities assumed of a channel that is not configured (any more): the least that every channel has, so nothing is
 * lost.
 */
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
  /** Reference of an operator's words; left out for the bot's. */
  words?: { ref: string; shown: boolean };
}

const BOT_REPLY: Speaker = { kind: "reply", author: "bot", authorName: "" };
export const BOT_NOTICE: Speaker = { kind: "notice", author: "bot", authorName: "" };

/** The customer's channel. */
export const channelOf = (context: TransitionContext): ChannelShape =>
  context.catalog.channel(context.state.channel) ?? UNKNOWN_CHANNEL;

/**
 * Tells the customer something, split into parts that the channel can carry. A case's thread shows it too; where it
 * already shows the operator's words, it shows their delivery instead. Returns the number of parts: 0 when the customer
 * opted out.
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

/** Changes a sent message, or shows a hint to one person of the thread. */
export function tellChannel(context: TransitionContext, part: PartChange): void {
  if (context.state.optedOut === null) context.tells.push({ kind: "channel", part });
}

interface DeliveryMark {
  ref: string;
  /** null: the state of their delivery. */
  message: string | null;
  question: DeskQuestion | null;
  mirrors?: number | null;
}

/** Shows what became of an operator's words, where there is a case. */
export function tellDeliveryStatus(context: TransitionContext, { mirrors = null, ...shown }: DeliveryMark): void {
  if (context.state.case === null) return;
  context.tells.push({ kind: "desk", part: { kind: "mark", ...shown }, mirrors });
}

type ShownEntry = Omit<DeskEntry, "at" | "message">;

/** Adds an entry to the case's thread, where there is a case. */
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

/** Adds an entry in Frontdesk's own name. */
export const tellSystem = (context: TransitionContext, text: string): void =>
  tellDesk(context, { kind: "system", author: FRONTDESK.name, text, internal: true });

/** Shows a hint to one operator only. */
export function hint(context: TransitionContext, operator: string, text: string): void {
  context.tells.push({ kind: "desk", part: { kind: "hint", operator, text }, mirrors: null });
}

/** The end of the transcript, this event included. */
export const transcriptMark = ({ state, event }: TransitionContext): TranscriptMark => ({
  message: state.lastMessage,
  at: event.at.toISOString(),
});

/**
 * The end of the transcript before this event: where people let go, so that what the bot says in the same event comes
 * after it.
 */
export const transcriptMarkBefore = (context: TransitionContext): TranscriptMark => ({
  message: context.state.lastMessage,
  at: new Date(context.event.at.getTime() - 1).toISOString(),
});
