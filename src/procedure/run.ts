/**
 * A procedure on its way through one conversation. Plain JSON, stored within the workflow run that started it.
 *
 * 1. The engine is pure and total: the same run, input and world give the same progress; nothing is thrown (T1, T10).
 * 2. A model only proposes commands. Each passes the guards, or is refused with its rule, and both are journalled.
 * 3. What a run knows, it knows from a named source: the customer's quoted words, a connector, code, or the contact.
 * 4. A write leaves only after the confirmation and under the conditions that its file demands, and under one key.
 */
import type { CallResult } from "../domain/call.ts";
import type { FieldSchemas } from "../domain/connector-schema.ts";
import type { Contact } from "../domain/contact.ts";
import type { NumberedOption } from "../domain/option.ts";
import type { Budget } from "../language/budget.ts";
import type { TextsByLanguage } from "../language/yaml-language.ts";
import type { Command, HandoffReason } from "./command.ts";
import type { Procedure, ProcedureField } from "./definition.ts";

export interface ProcedureRun {
  /** Procedures in progress, outermost first; the last one is active. Empty while it is not known which one is wanted. */
  stack: readonly Activation[];
  /** The customer's words in this run, latest last. */
  heard: readonly string[];
  /** True when something happened that no decision has taken into account yet. */
  news: boolean;
  /** Commands that were given and not yet handled. */
  queue: readonly Command[];
  /** Commands of this turn and what became of them, for the next call of the model. */
  exchange: readonly Exchange[];
  pending: Pending | null;
  /** Alarm at whose end the customer's burst of words is over; null: nothing is gathered. */
  quiet: string | null;
  /** Asks under way. */
  asks: readonly OpenAsk[];
  /** Number of calls of each operation, in whatever procedure. */
  counted: Readonly<Record<string, number>>;
  /** Values for which an operation was used up ("billing.cancel_subscription:sub_1"), in whatever procedure. */
  used: readonly string[];
  turn: TurnCounts;
  counts: RunCounts;
  /** The bot's latest replies, for telling that it repeats itself. */
  replies: readonly string[];
  /** True once the customer proved who they are in this run. */
  verified: boolean;
  /** True once the customer was told that no model is at work. */
  introduced: boolean;
  /** Number of ids given out. */
  minted: number;
}

/** One procedure in progress. */
export interface Activation {
  procedure: string;
  /** Id of the step that it is in. */
  step: string;
  /** Ids of the steps that it has been in. */
  visited: readonly string[];
  fields: Readonly<Record<string, FieldValue>>;
  /** Decided branches in words, by the branch's id. */
  judged: Readonly<Record<string, { holds: boolean; quote: string }>>;
  /** Latest call of each operation. */
  calls: Readonly<Record<string, CallRecord>>;
  /** Places of the file ("12:5") whose sentence, note or tag is done. */
  done: readonly string[];
  /** Outcomes of the procedures that it ran. */
  outcomes: Readonly<Record<string, string>>;
}

export interface FieldValue {
  value: unknown;
  /** The customer's words; "" where the value is not from them. */
  quote: string;
  /** ISO 8601. */
  at: string;
}

export interface CallRecord {
  outcome: "done" | "failed" | "unknown" | "declined";
  /** What was called, as in PreparedCall. */
  exact: string;
  /** The error's name, or its reason. */
  error: string;
  at: string;
}

export type Exchange = { command: Command; result: { ok: true; value?: unknown } | { ok: false; message: string } };

/** A question that is open. */
export type Pending =
  | { kind: "field"; prompt: string; field: string; misses: number }
  | { kind: "confirm"; prompt: string; call: PreparedCall; misses: number }
  | { kind: "which"; prompt: string; candidates: readonly string[]; misses: number };

/** A call with its exact arguments. */
export interface PreparedCall {
  operation: string;
  args: Readonly<Record<string, unknown>>;
  /** The arguments among them that the engine did not fill in. */
  given: Readonly<Record<string, unknown>>;
  /** The operation, its arguments and the values that its rules refer to, as canonical JSON: agreement is to exactly this. */
  exact: string;
}

export type OpenAsk =
  | { kind: "model"; ask: string }
  /** `once`: what it uses up; null: nothing. */
  | {
      kind: "call";
      ask: string;
      operation: string;
      write: boolean;
      call: PreparedCall;
      once: string | null;
    }
  | { kind: "code"; ask: string; block: string };

interface TurnCounts {
  /** Answers of the model, and decisions of the understudy. */
  decisions: number;
  refusals: number;
  progress: boolean;
  /** True once something was said in it, and once a question was shown. */
  spoke: boolean;
  asked: boolean;
  /** True where the model could not be reached in this turn, so that the understudy decides. */
  understudy: boolean;
}

interface RunCounts {
  turns: number;
  /** Turns in a row without progress. */
  stalled: number;
  /** Clarifying questions in a row. */
  clarified: number;
  costUsd: number;
}

export type ProcedureInput =
  | { kind: "start" }
  | { kind: "words"; reply: CustomerReply }
  | { kind: "answer"; ask: string; result: CallResult }
  | { kind: "alarm"; alarm: string };

/** The customer's words, with the option that they mean; null: none. */
export interface CustomerReply {
  text: string;
  option: string | null;
  attachments: readonly { ref: string; name?: string; mediaType?: string }[];
}

/** Everything that a run can look up. It comes from the event, the state and the run's release. */
export interface ProcedureWorld {
  /** Live procedures of the run's release, for the choice of one. */
  procedures: readonly Procedure[];
  operation(name: string): Operation | null;
  contact: Contact;
  conversation: { channel: string; tags: readonly string[] };
  /** True where the channel vouches for the customer's address. */
  verified: boolean;
  now: string;
  languages: readonly string[];
  /** True where a model can be asked. */
  model: boolean;
  /** Time to gather the customer's words before a model is asked, milliseconds. */
  quietMs: number;
  /** Reads a typed answer as the value of a field. */
  read(field: ProcedureField, reply: CustomerReply): { ok: true; value: unknown } | { ok: false };
  /** Makes an id from a number; unique among all conversations. */
  mint(n: number): string;
  budget: Budget;
  sentences: ProcedureSentences;
}

/** An operation of a connector, as far as procedures need it. */
export interface Operation {
  /** "billing.get_subscription" */
  name: string;
  kind: "read" | "write";
  description: string;
  input: FieldSchemas;
  /** Arguments that are taken from the contact, by name ("attributes.billing_id"). */
  identity: Readonly<Record<string, string>>;
  /** The question before a write, by language; null: made from its description. */
  confirm: TextsByLanguage | null;
}

export type ProcedureEffect =
  | { kind: "say"; text: string }
  /** Shows a question; without options any words answer it. */
  | { kind: "prompt"; prompt: string; text: string; options: readonly NumberedOption[]; field: ProcedureField | null }
  | {
      kind: "call";
      ask: string;
      operation: string;
      args: Readonly<Record<string, unknown>>;
      key: string;
      fresh?: true;
      sandbox?: true;
    }
  | { kind: "model"; ask: string }
  | { kind: "code"; ask: string; procedure: string; block: string; inputs: Readonly<Record<string, unknown>> }
  | { kind: "call_off"; ask: string }
  | { kind: "alarm"; alarm: string; afterMs: number }
  | { kind: "cancel_alarm"; alarm: string }
  | { kind: "tag"; tag: string }
  | { kind: "note"; text: string }
  | { kind: "journal"; code: string; message: string };

export type ProcedureWait =
  | { kind: "choice"; prompt: string }
  | { kind: "answer"; ask: string; operation: string }
  | { kind: "alarm"; alarm: string }
  | { kind: "words" };

export type ProcedureProgress =
  | { kind: "waits"; run: ProcedureRun; waits: readonly ProcedureWait[]; effects: readonly ProcedureEffect[] }
  | { kind: "over"; end: ProcedureEnd; effects: readonly ProcedureEffect[] };

/** How a run ended. `fields`: what it learnt, for the workflow and for people. */
export type ProcedureEnd = { fields: Readonly<Record<string, unknown>> } & (
  | { kind: "outcome"; procedure: string; outcome: string }
  /** No procedure serves what the customer wants. */
  | { kind: "untaken" }
  | { kind: "workflow"; procedure: string; workflow: string }
  | { kind: "handoff"; procedure: string; to: string; reason: HandoffReason; because: string; summary: string }
);

/** The engine's own sentences, in the customer's language. */
export interface ProcedureSentences {
  /** Names the assistant where no model is at work. */
  introduction: string;
  yes: string;
  no: string;
  person: string;
  somethingElse: string;
  which: string;
  askFor(name: string): string;
  notUnderstood: string;
  takeYourTime: string;
  why(title: string): string;
  dropped: string;
  confirm(what: string): string;
  /** `facts`: what the customer told, each as "Reason: too expensive". */
  passedOn(facts: readonly string[]): string;
}
