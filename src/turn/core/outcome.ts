import type { FittedPart, PartChange } from "../../adapter/part.ts";
import type { DeskPart } from "../../domain/desk-part.ts";
import type { Ask } from "./ask.ts";
import type { Happening } from "./event.ts";
import type { State } from "./state.ts";

/** The result of one transition: the next state, and all effects as data. */
export interface TransitionOutcome {
  state: State;
  asks: readonly Ask[];
  /** Ids of asks that are not wanted any more: one that has not started never starts (E4). */
  calledOff: readonly string[];
  tells: readonly Tell[];
  alarms: readonly Alarm[];
  cancelled: readonly string[];
  audits: readonly Audit[];
  /** Events for other conversations. */
  relays: readonly Relay[];
  /** True when the customer opted out: nothing that waits for them may leave. */
  cutOff: boolean;
  /** Decisions and reasons, in plain words, for the journal that people read. */
  lines: readonly JournalLine[];
}

export interface Relay {
  conversation: number;
  happening: Extract<Happening, { kind: "merged" | "elsewhere" }>;
}

/** An effect that goes out through the outbox. */
export type Tell =
  | CustomerTell
  /** A change to a sent message, or a hint to one person of the thread; not part of the transcript. */
  | { kind: "channel"; part: PartChange }
  | {
      kind: "desk";
      part: DeskPart;
      /** Index of the tell that it mirrors, whose delivery is shown beside it; null: none. */
      mirrors: number | null;
    };

export interface CustomerTell {
  /** A take-over drops a reply that has not left; a notice is never dropped (T8). */
  kind: "reply" | "notice";
  author: "bot" | "operator";
  authorName: string;
  text: string;
  parts: readonly FittedPart[];
  /** Reference of the operator's words that it carries, whose delivery is reported back; null: the bot's. */
  ref: string | null;
}

/** True when the customer reads it. */
export const isForCustomer = (tell: Tell): tell is CustomerTell => tell.kind === "reply" || tell.kind === "notice";

export interface Alarm {
  id: string;
  dueAt: Date;
}

export interface Audit {
  operator: string;
  action: string;
  before: unknown;
  after: unknown;
}

export interface JournalLine {
  code: string;
  message: string;
}
