import type { FittedPart, PartChange } from "../../adapter/part.ts";
import type { DeskPart } from "../../domain/desk-part.ts";
import type { Ask } from "./ask.ts";
import type { Happening } from "./event.ts";
import type { State } from "./state.ts";

/** The result of one application of an event: the next state, and everything that is to be done about it, as data. */
export interface TransitionOutcome {
  state: State;
  asks: readonly Ask[];
  tells: readonly Tell[];
  alarms: readonly Alarm[];
  cancelled: readonly string[];
  audits: readonly Audit[];
  /** Events for other conversations because of this. */
  relays: readonly Relay[];
  /** Nothing that waits for the customer may leave any more: they opted out. */
  cutOff: boolean;
  /** The decisions and their reasons, in plain words: the journal that people read. */
  lines: readonly JournalLine[];
}

export interface Relay {
  conversation: number;
  happening: Extract<Happening, { kind: "merged" | "elsewhere" }>;
}

/** An effect that goes out through the outbox. */
export type Tell =
  | CustomerTell
  /** A change to what was sent, or a word to one person of the thread: nothing that the transcript holds. */
  | { kind: "channel"; part: PartChange }
  | {
      kind: "desk";
      part: DeskPart;
      /** Which of this outcome's tells it mirrors, so that its delivery can be shown beside it; null: none. */
      mirrors: number | null;
    };

export interface CustomerTell {
  /** A take-over drops a reply that has not left; a notice is never dropped (T8). */
  kind: "reply" | "notice";
  author: "bot" | "operator";
  authorName: string;
  text: string;
  parts: readonly FittedPart[];
  /** Names the operator's words that it carries: their delivery is reported back. */
  ref: string | null;
}

/** Tells whether the customer reads it. */
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
