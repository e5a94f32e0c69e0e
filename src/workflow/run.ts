/**
 * One workflow being walked for one conversation: plain JSON, kept in the conversation's state.
 *
 * 1. A run stays on the release it started with (T7).
 * 2. `advance` is pure and total: the same run, input and facts give the same result; it never throws (T1, T10).
 * 3. What it wants done comes back as effects, in order; it does nothing itself.
 * 4. A run waits for exactly one thing, or it is over. What it does not wait for leaves it as it was.
 */
import type { Choice } from "../adapter/choice.ts";
import type { CallResult } from "../domain/call.ts";
import type { Contact } from "../domain/contact.ts";
import type { NumberedOption } from "../domain/option.ts";
import type { FieldType, Ground, Priority, Resolution, TriggerName, Workflow } from "./definition.ts";

export interface Run {
  /** Unique within the conversation, derived from the event that started it: "e812.0". */
  id: string;
  workflow: string;
  /** The release whose files it is walked by. */
  release: number;
  ground: Ground;
  trigger: TriggerName;
  /** How many workflows led to this one by triggering each other; at 10 the chain stops. */
  depth: number;
  /** Calls in progress, outermost first; the last frame is where it stands. */
  frames: readonly Frame[];
  /** What `save:`, `set:` and `with:` named. */
  values: Readonly<Record<string, unknown>>;
  waiting: Waiting | null;
  /** Steps taken so far, so that a loop of gotos is stopped. */
  taken: number;
}

/** `workflow` names the file this frame walks; `path` the step to take next ("steps.3"). Tries count retries of it. */
export interface Frame {
  workflow: string;
  path: string;
  tries: number;
}

export type Waiting =
  | { kind: "choice"; prompt: string; misses: number; reminded: boolean }
  | { kind: "field"; prompt: string; field: number; misses: number; collected: Readonly<Record<string, unknown>> }
  | { kind: "answer"; ask: string }
  | { kind: "alarm"; alarm: string; unlessReplied: boolean };

/** What a run is told. A `reply` goes to the run that holds the dialogue, already read against the prompt shown. */
export type RunInput =
  | { kind: "start" }
  | {
      kind: "reply";
      text: string;
      choice: Choice;
      attachments: readonly { ref: string; name?: string; mediaType?: string }[];
    }
  | { kind: "answer"; ask: string; result: CallResult }
  | { kind: "alarm"; alarm: string };

export type Reply = Extract<RunInput, { kind: "reply" }>;

export type { CallResult };

/** Everything a run may look at. All of it comes from the event and the state, none from a clock (T10). */
export interface Facts {
  contact: Contact;
  conversation: { id: number; channel: string; tags: readonly string[]; opened_at: string; link: string };
  /** The latest customer message. */
  message: { text: string };
  /** The trigger's payload. */
  event: Readonly<Record<string, unknown>>;
  queue: Readonly<Record<string, { open: boolean; opens_at: string }>>;
  now: string;
  /** Whether this channel shows options as buttons; numbers mean nothing to its customers then. */
  buttons: boolean;
  /** BCP 47 subtags, most wanted first; picks the text of a language. */
  languages: readonly string[];
  /** Prefix of ids made in this transition, unique to its event ("e812"). */
  idPrefix: string;
}

export type Effect =
  | { kind: "say"; text: string }
  /** Show a question; `options` empty: free text is wanted. The run now waits for its answer. */
  | {
      kind: "prompt";
      prompt: string;
      text: string;
      options: readonly NumberedOption[];
      /** The ids of the options to show, with the numbers they have; null: all of them. */
      named: readonly string[] | null;
      field: FieldType | null;
      sensitive: boolean;
      /** Shown again under the same id: the last answer was not understood, or none came. */
      again: boolean;
    }
  | {
      kind: "call";
      ask: string;
      connector: string;
      operation: string;
      input: unknown;
      timeoutMs: number | null;
      key: string;
    }
  | { kind: "alarm"; alarm: string; afterMs: number }
  | { kind: "cancel_alarm"; alarm: string }
  | { kind: "tag"; tags: readonly string[] }
  | { kind: "note"; text: string }
  | {
      kind: "handoff";
      queue: string | null;
      priority: Priority;
      say: string | null;
      summary: string | null;
      escalation: Escalation;
      /** What is known by then, for the people who take over. */
      known: Readonly<Record<string, unknown>>;
    }
  | { kind: "close"; say: string | null; resolution: Resolution }
  /** A line for the journal, in plain words: what was decided and why. */
  | { kind: "journal"; code: string; message: string };

export type Escalation = "asked" | "stuck" | "policy" | "failure";

export interface Advanced {
  /** null: it is over. */
  run: Run | null;
  effects: readonly Effect[];
}

/** Finds a workflow file of the run's own release; null where there is none. */
export type FindWorkflow = (id: string) => Workflow | null;
