/**
 * A run: one workflow on its way through one conversation. Plain JSON, stored in the conversation's state.
 *
 * 1. A run stays on the release it started with (T7).
 * 2. `advance` is pure and total: the same run, input and facts give the same result; it never throws (T1, T10).
 * 3. It returns what is to be done as effects, in order, and does nothing itself.
 * 4. A run waits for a set of things, each named, or it is over. Input for none of them leaves it unchanged (U3).
 */
import type { Choice } from "../adapter/choice.ts";
import type { CallResult } from "../domain/call.ts";
import type { Contact } from "../domain/contact.ts";
import type { NumberedOption } from "../domain/option.ts";
import type { Procedure } from "../procedure/definition.ts";
import type { Operation, ProcedureRun } from "../procedure/run.ts";
import type { FieldType, Ground, Priority, Resolution, TriggerName, Workflow } from "./definition.ts";

export interface Run {
  /** Unique within the conversation, derived from the event that started it: "e812.0". */
  id: string;
  workflow: string;
  /** Id of the release that its files are from. */
  release: number;
  ground: Ground;
  trigger: TriggerName;
  /** Number of workflows that triggered one another before this one. The chain stops at 10. */
  depth: number;
  /** Calls in progress, outermost first. The last frame is the position of the run. */
  frames: readonly Frame[];
  /** Values by the names that `save:`, `set:` and `with:` give. */
  values: Readonly<Record<string, unknown>>;
  /** Everything that it waits for at once; empty only before its first step (U3). */
  waits: readonly Wait[];
  /** Number of steps taken so far; a limit on it stops endless loops. */
  taken: number;
  /** The procedure of the step that it is in; left out where it is in none. */
  procedure?: ProcedureRun;
}

/** A position: `path` is the step in `workflow` ("steps.3"), and `tries` counts the retries of that step. */
export interface Frame {
  workflow: string;
  path: string;
  tries: number;
}

/** One thing that a run waits for. */
export type Wait =
  /** An answer to the options shown. */
  | { kind: "choice"; prompt: string; misses: number; reminded: boolean }
  /** An answer to a form's field. */
  | { kind: "field"; prompt: string; field: number; misses: number; collected: Readonly<Record<string, unknown>> }
  /** The result of an ask. `operation`: the call that it makes ("crm.refund"). */
  | { kind: "answer"; ask: string; operation: string }
  | { kind: "alarm"; alarm: string }
  /** Any words of the customer's. */
  | { kind: "words" };

/** Input of a run. A `reply` goes to the run that holds the dialogue; its choice was read against the prompt shown. */
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

/** Everything that a run can read. It comes from the event and the state, never from a clock (T10). */
export interface Facts {
  contact: Contact;
  conversation: { id: number; channel: string; tags: readonly string[]; opened_at: string; link: string };
  /** The latest customer message. */
  message: { text: string };
  /** The trigger's payload. */
  event: Readonly<Record<string, unknown>>;
  queue: Readonly<Record<string, { open: boolean; opens_at: string }>>;
  now: string;
  /** True if the channel shows options as buttons, so that its customers see no numbers. */
  buttons: boolean;
  /** BCP 47 tags in order of preference, for choosing the language of a text. */
  languages: readonly string[];
  /** Prefix of ids made in this transition, unique to its event ("e812"). */
  idPrefix: string;
}

export type Effect =
  | { kind: "say"; text: string }
  /** Shows a question; with empty `options` any text answers it. The run waits for the answer. */
  | {
      kind: "prompt";
      prompt: string;
      text: string;
      options: readonly NumberedOption[];
      /** Ids of the options to show, under their own numbers; null: all of them. */
      named: readonly string[] | null;
      field: FieldType | null;
      sensitive: boolean;
      /** True if it is shown again under the same id, because the last answer was not understood or none came. */
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
      /** Set where an earlier answer to the same read will not do. */
      fresh?: true;
      /** Set for the calls of a draft, which are trials. */
      sandbox?: true;
    }
  /** Asks a model for the next commands of a procedure. */
  | { kind: "model"; ask: string; run: ProcedureRun; facts: Facts }
  /** Runs a code block of a procedure. */
  | { kind: "code"; ask: string; procedure: string; block: string; inputs: Readonly<Record<string, unknown>> }
  /** An ask that is not wanted any more. */
  | { kind: "call_off"; ask: string }
  /** Something that background workflows may follow up on. */
  | { kind: "occasion"; on: "procedure.ended"; payload: Readonly<Record<string, unknown>> }
  /** A write of unknown outcome, which `on_error:` steps have taken up: a person has to find out. */
  | { kind: "unsure"; says: string }
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
      /** Values of the run, for the people who take over. */
      known: Readonly<Record<string, unknown>>;
    }
  | { kind: "close"; say: string | null; resolution: Resolution }
  /** A line for the journal: the decision and its reason, in plain words. */
  | { kind: "journal"; code: string; message: string };

export type Escalation = "asked" | "stuck" | "policy" | "failure";

export interface Advanced {
  /** null: the run is over. */
  run: Run | null;
  effects: readonly Effect[];
  /** True when a reply was no answer to the question that the run waits in. */
  missed?: true;
}

/** Finds a workflow file of the run's own release; null where there is none. */
export type FindWorkflow = (id: string) => Workflow | null;

/** What procedures of the run's release may look up, with what holds for this customer and channel now. */
export interface ProcedureCatalog {
  procedures: readonly Procedure[];
  operation(name: string): Operation | null;
  /** True where a model can be asked. */
  model: boolean;
  /** True where the channel vouches for the customer's address. */
  verified: boolean;
  /** Time to gather the customer's words before a model is asked, milliseconds. */
  quietMs: number;
}

/** Where there are no procedures. */
export const NO_PROCEDURES: ProcedureCatalog = {
  procedures: [],
  operation: () => null,
  model: false,
  verified: false,
  quietMs: 0,
};
