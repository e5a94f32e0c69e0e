/**
 * A parsed workflow: the result of `parse`, and the input of `lint` and `advance`. It holds compiled expressions, so it
 * is never stored; a release stores the text of the file.
 */
import type { Position } from "../language/diagnostic.ts";
import type { Expression, Template } from "../language/expression.ts";
import type { SourceRange } from "../language/yaml-file.ts";

export interface Workflow {
  id: string;
  title: string;
  status: "draft" | "live";
  triggers: readonly Trigger[];
  /** Names of the channels that it serves; null: all. */
  channels: readonly string[] | null;
  if: Expression | null;
  /** Lower ones run first; equal ones in the order of file names. */
  priority: number;
  steps: readonly Step[];
  file: string;
  /** Places of keys, entries and items in the file, by path: "steps.3.with.email", "channels.0". */
  places: ReadonlyMap<string, SourceRange>;
}

export type TriggerName =
  | "conversation.opened"
  | "conversation.reopened"
  | "conversation.idle"
  | "conversation.handed_back"
  | "conversation.closed"
  | "message.received"
  | "option.chosen"
  | "procedure.ended"
  | "manual";

/** Values that a trigger's own keys give; a trigger that is not named here has none. */
interface TriggerValues {
  "message.received": { matches: Expression | null };
  "conversation.idle": { forMs: number };
}

export type Trigger = {
  [Name in TriggerName]: { on: Name } & (Name extends keyof TriggerValues ? TriggerValues[Name] : unknown);
}[TriggerName];
export type TriggerOf<Name extends TriggerName> = Extract<Trigger, { on: Name }>;

/** Foreground: the workflow holds the dialogue. Background: it runs beside it. */
export type Ground = "foreground" | "background";

/** One text per language; the key "" holds a text given without a language. */
export type Texts = Readonly<Record<string, Template>>;

/** A value in `with:` or `set:`: a literal, or text with `{{ }}` in it, nested as in the file. */
export type Given =
  | { kind: "literal"; value: unknown }
  | { kind: "template"; template: Template }
  | { kind: "list"; items: readonly Given[] }
  | { kind: "map"; entries: Readonly<Record<string, Given>> };

export interface Option {
  id: string;
  label: Texts;
  aliases: readonly string[];
  destructive: boolean;
  /** Steps that run when it is chosen, before the step after the question. */
  then: readonly Step[] | null;
}

export type FieldType =
  | "text"
  | "email"
  | "phone"
  | "number"
  | "money"
  | "date"
  | "datetime"
  | "choice"
  | "yes_no"
  | "file"
  | "id";

export interface Field {
  name: string;
  type: FieldType;
  ask: Texts;
  /** CEL over `value` and the run's values. */
  check: Expression | null;
  /** Text for the customer if `check` does not hold. */
  checkSay: Texts | null;
  /** The pattern of `id(pattern)`, which must match the whole value. */
  pattern: RegExp | null;
  options: readonly Option[];
  retries: number;
  sensitive: boolean;
}

export interface StepBase {
  /** Its path in the file, stable within one version of it: "steps.3.then.0". */
  path: string;
  position: Position;
  id: string | null;
  if: Expression | null;
  retry: { times: number; waitMs: number } | null;
  timeoutMs: number | null;
  onError: readonly Step[] | null;
}

export type Step = StepBase &
  (
    | { kind: "say"; text: Texts; perChannel: Readonly<Record<string, Texts>> }
    | {
        kind: "ask";
        text: Texts;
        /** Dotted path for the answer; null: only `choice` holds a chosen option's id, until the next question. */
        save: string | null;
        options: readonly Option[];
        freeText: "match" | "refuse";
        /** True if "0) Talk to a person" is offered. */
        person: boolean;
        remindAfterMs: number | null;
        giveUpAfterMs: number | null;
        onGiveUp: readonly Step[] | null;
      }
    | {
        kind: "collect";
        fields: readonly Field[];
        save: string | null;
        giveUpAfterMs: number | null;
        onGiveUp: readonly Step[] | null;
      }
    | { kind: "if"; condition: Expression; then: readonly Step[]; else: readonly Step[] }
    | { kind: "switch"; value: Expression; cases: Readonly<Record<string, readonly Step[]>>; else: readonly Step[] }
    | { kind: "set"; values: Readonly<Record<string, Given>> }
    | { kind: "tag"; add: readonly Template[] }
    | { kind: "note"; text: Template }
    | { kind: "use"; connector: string; operation: string; with: Readonly<Record<string, Given>>; save: string | null }
    /** `procedure`: an id, or "auto". `save`: dotted path for what it learnt. */
    | { kind: "procedure"; procedure: string; save: string | null }
    | { kind: "workflow"; workflow: string; with: Readonly<Record<string, Given>> }
    | { kind: "handoff"; queue: string; priority: Priority | null; say: Texts | null; summary: Template | null }
    | { kind: "wait"; forMs: number; unlessReplied: boolean }
    | { kind: "close"; say: Texts | null; resolution: Resolution }
    | { kind: "goto"; target: string }
    | { kind: "stop" }
  );

export type StepKind = Step["kind"];
export type StepOf<Kind extends StepKind> = Extract<Step, { kind: Kind }>;
export type Priority = "low" | "normal" | "high" | "urgent";
export type Resolution = "solved by bot" | "solved by operator" | "abandoned" | "merged" | "opted out";
