/** A parsed scenario: a conversation in fixed lines, the answers that it meets, and what must hold. */
import type { DeskCommand } from "../adapter/desk-command.ts";
import type { CallResult } from "../domain/call.ts";
import type { Contact } from "../domain/contact.ts";
import type { Attachment } from "../domain/message.ts";
import type { Position } from "../language/diagnostic.ts";
import type { Command, GuardRule } from "../procedure/command.ts";

export interface Scenario {
  id: string;
  file: string;
  /** The procedure or workflow that begins when the customer writes; the procedure "auto" is chosen by their words. */
  subject: { kind: "procedure" | "workflow"; id: string };
  tags: readonly string[];
  /** null: the first channel of frontdesk.yaml. */
  channel: string | null;
  contact: Contact;
  /** True where the channel vouches for the customer's address. */
  verified: boolean;
  /** Answers by operation ("billing.get_subscription"), or by "code NAME". */
  answers: Readonly<Record<string, StubAnswer>>;
  /** Time of the first line, ISO 8601. */
  clock: string;
  lines: readonly Line[];
  mustHold: readonly Assertion[];
}

export type StubAnswer =
  /** One after the other; the last one from then on. */
  | { kind: "answers"; results: readonly CallResult[] }
  /** The scenario fails when it is called. */
  | { kind: "forbidden" };

export type Line = { position: Position } & (
  | CustomerLine
  | { kind: "model"; answer: ScriptedAnswer }
  | { kind: "operator"; command: DeskCommand }
  | { kind: "wait"; ms: number }
  | { kind: "expect"; assertions: readonly Assertion[] }
);

export interface CustomerLine {
  kind: "customer";
  /** Time since the line before, milliseconds; null: the usual time. */
  afterMs: number | null;
  act: CustomerAct;
}

export type CustomerAct =
  | { kind: "text"; text: string; files: readonly Attachment[] }
  /** Picks the option with this number of the latest question. */
  | { kind: "choose"; n: number }
  /** Presses an option, by its id or label. `earlier`: not one of the open question. */
  | { kind: "press"; option: string; earlier: boolean };

export type ScriptedAnswer = { kind: "commands"; commands: readonly Command[] } | { kind: "unavailable" };

/** A test in code font, with its text and place. */
export interface Assertion {
  text: string;
  position: Position;
  test: Test;
}

export type Test =
  | { kind: "said"; pattern: RegExp | string; never: boolean }
  | { kind: "asked"; field: string; not: boolean }
  /** `times`: null: at least once. */
  | { kind: "called"; operation: string; times: number | null }
  /** `rule`: null: any. */
  | { kind: "refused"; rule: GuardRule | null; not: boolean }
  | { kind: "field"; path: readonly string[]; is: { kind: "equal" | "unequal"; value: unknown } | { kind: "unknown" } }
  | { kind: "outcome"; equal: boolean; outcome: string }
  /** `queue`: null: any. `within`: turns of the customer; null: any number. */
  | { kind: "handoff"; queue: string | null; within: number | null; not: boolean }
  | { kind: "order"; marks: readonly string[] }
  | { kind: "tag"; tag: string; not: boolean }
  | { kind: "step"; step: string }
  | { kind: "journal"; code: string; not: boolean }
  | { kind: "phase"; closed: boolean }
  | { kind: "guards" };
