/**
 * A parsed procedure: the result of `parse`, and the input of `lint`, of the engine and of prompts. It holds compiled
 * expressions, so it is never stored; a release stores the text of the file.
 */
import type { ValueType } from "../domain/connector-schema.ts";
import type { Position } from "../language/diagnostic.ts";
import type { Expression, Template } from "../language/expression.ts";

export interface Procedure {
  id: string;
  title: string;
  status: "draft" | "live";
  /** The person or team who answers for the file; "" where none is named. */
  owner: string;
  trigger: ProcedureTrigger;
  audience: Audience;
  fields: Readonly<Record<string, ProcedureField>>;
  /** Types by name: those of `types:`, and those that the listed connector operations return. */
  types: Readonly<Record<string, ValueType>>;
  /** Listed operations by their full name ("billing.get_subscription"). Nothing else may be called. */
  uses: Readonly<Record<string, UseRule>>;
  escalate: readonly EscalationRule[];
  limits: ProcedureLimits;
  /** Ids of steps of which the model sees one at a time; empty: it sees the whole file. */
  strict: readonly string[];
  /** Guidance between the title and the first step. */
  intro: readonly Block[];
  steps: readonly ProcedureStep[];
  /** Code blocks of all steps, by name. */
  code: Readonly<Record<string, CodeBlock>>;
  file: string;
  /** The whole text of the file, as a model reads it. */
  source: string;
  /** SHA-256 of the text and of the texts of the procedures that it runs, hexadecimal. */
  version: string;
}

export interface ProcedureTrigger {
  when: string;
  /** "" where the file does not say. */
  notWhen: string;
  examples: readonly string[];
  counterExamples: readonly string[];
}

export interface Audience {
  /** Names of the channels that it serves; null: all. */
  channels: readonly string[] | null;
  if: Expression | null;
  /** True if the contact has to be verified; one who is not runs `verify-identity` first. */
  verified: boolean;
}

export interface ProcedureLimits {
  /** Messages of the customer within one run. */
  turns: number;
  /** Turns in a row without progress. */
  stalledTurns: number;
  costUsd: number;
}

export interface ProcedureField {
  name: string;
  type: ProcedureFieldType;
  /** The only writer of its value. */
  from: FieldSource;
  /** Guidance for a model that asks for it; "" where there is none. */
  ask: string;
  /** The question as it stands, for the understudy and for fixed wording; null: made from the name. */
  question: Template | null;
  /** Words for the values of an enum, as customers see them, by value. */
  labels: Readonly<Record<string, string>>;
  /** True if the customer may leave it out. */
  optional: boolean;
  sensitive: boolean;
  position: Position;
}

export type ProcedureFieldType =
  /** A value that a customer can type. `pattern`: the whole value has to match; only of ids. */
  | { kind: "text" | "email" | "phone" | "number" | "money" | "date" | "datetime" | "yes_no" | "file" }
  | { kind: "id"; pattern: RegExp | null }
  | { kind: "enum"; values: readonly string[] }
  /** A value of a named type, from a connector or a code block. */
  | { kind: "named"; name: string; value: ValueType };

export type FieldSource =
  | { kind: "customer" }
  /** The result of an operation ("billing.get_subscription"). */
  | { kind: "connector"; operation: string }
  /** The result of a code block, by the name of the block. */
  | { kind: "code"; block: string }
  /** A value of the contact ("attributes.billing_id"). */
  | { kind: "contact"; path: string }
  /** A person at the desk. */
  | { kind: "human" }
  /** `@set` in the file, which code evaluates. */
  | { kind: "set" };

/** The rules under which an operation may be called. */
export interface UseRule {
  operation: string;
  kind: "read" | "write";
  /** Arguments that the engine fills in (`with: { id: sub.id }`); a model gives only the others. */
  with: Readonly<Record<string, Expression>>;
  onlyIf: Expression | null;
  /** The customer has to agree to the exact arguments in a later message. */
  confirm: boolean;
  /** Approvals by people, in order; the first whose condition holds is due. */
  approve: readonly ApprovalRule[];
  /** Value that it may be called for once; null: no limit. */
  oncePer: Expression | null;
  /** Calls within one run. */
  maxCalls: number;
  /** Oldest age of the reads that its rules refer to, milliseconds; older ones are read again. */
  freshMs: number;
  position: Position;
}

export interface ApprovalRule {
  /** null: always. */
  if: Expression | null;
  queue: string;
  withinMs: number;
  position: Position;
}

export type EscalationRule = {
  /** A queue, or a workflow. */
  to: string;
  position: Position;
} & ({ kind: "condition"; if: Expression } | { kind: "judged"; when: string });

/** A `##` section. */
export interface ProcedureStep {
  /** Slug of its heading, as code hosts make it. */
  id: string;
  title: string;
  /** Former ids (`<!-- was: old-slug -->`). */
  was: readonly string[];
  /** True for `## Aside: …`, which is reached only on the customer's wish, from anywhere. */
  aside: boolean;
  body: readonly Block[];
  position: Position;
}

export type Block =
  /** A paragraph, or the words of a list item. */
  | { kind: "prose"; parts: readonly Inline[]; position: Position }
  /** A list whose items begin with bold If, Else if or Else: one chain. */
  | { kind: "branches"; branches: readonly Branch[]; position: Position }
  /** Any other list. */
  | { kind: "list"; items: readonly (readonly Block[])[]; ordered: boolean; position: Position }
  | { kind: "code"; code: CodeBlock; position: Position };

export interface Branch {
  /** Path of the branch in the file, stable within one version ("cancel.2.0"). */
  id: string;
  test: BranchTest;
  body: readonly Block[];
  position: Position;
}

export type BranchTest =
  /** Decided by the engine; unknown while a value is missing. */
  | { kind: "condition"; if: Expression }
  /** Decided by the model, with a quote. */
  | { kind: "judged"; when: string }
  | { kind: "else" };

export interface CodeBlock {
  name: string;
  /** Names of the fields that it reads. */
  inputs: readonly string[];
  /** Name of the type that it returns. */
  returns: string;
  source: string;
}

export type Inline =
  | { kind: "text"; text: string }
  /** A sentence that is said word for word. */
  | { kind: "said"; text: Template; position: Position }
  /** `{{ … }}` in guidance. */
  | { kind: "value"; text: Template; position: Position }
  /** A value or condition in code font that is no action. */
  | { kind: "expression"; expression: Expression; position: Position }
  /** `[Cancel](#cancel)`. */
  | { kind: "link"; step: string; text: string; position: Position }
  | { kind: "action"; action: Action; position: Position };

export type Action =
  | { kind: "use"; operation: string }
  | { kind: "ask"; field: string }
  | { kind: "set"; field: string; value: Expression }
  | { kind: "run"; procedure: string }
  | { kind: "switch"; procedure: string }
  | { kind: "workflow"; workflow: string }
  /** "": the queue that the workflow or the settings name. */
  | { kind: "handoff"; queue: string }
  | { kind: "note"; about: string }
  | { kind: "tag"; tag: string }
  | { kind: "end"; outcome: string };
