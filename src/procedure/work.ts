/** The working copy of a run while an input is handled, and what every part of the engine does with it. */
import type { Expression, Template, Values } from "../language/expression.ts";
import { own } from "../lib/own.ts";
import type { GuardRule, Refusal } from "./command.ts";
import type { Procedure } from "./definition.ts";
import { holdsWhole } from "./gate/whole.ts";
import type { Activation, FieldValue, ProcedureEffect, ProcedureEnd, ProcedureRun, ProcedureWorld } from "./run.ts";

export interface Work {
  run: ProcedureRun;
  readonly effects: ProcedureEffect[];
  readonly world: ProcedureWorld;
  /** Finds a procedure of the run's release. */
  readonly find: (id: string) => Procedure | null;
}

/** The next move after something was done. */
export type Move =
  | { kind: "on" }
  /** Nothing more can be done before an answer or words come. */
  | { kind: "wait" }
  | { kind: "over"; end: ProcedureEnd };

export const on: Move = { kind: "on" };
export const wait: Move = { kind: "wait" };

/** The active procedure with its place in it; null while none was chosen. */
export function active({
  run,
  find,
}: {
  run: Pick<ProcedureRun, "stack">;
  find: Work["find"];
}): { procedure: Procedure; at: Activation } | null {
  const at = run.stack.at(-1);
  const procedure = at === undefined ? null : find(at.procedure);
  return at === undefined || procedure === null ? null : { procedure, at };
}

export function changeRun(work: Work, to: Partial<ProcedureRun>): void {
  work.run = { ...work.run, ...to };
}

/** Changes the active procedure's state. */
export function changeActive(work: Work, to: Partial<Activation>): void {
  const at = work.run.stack.at(-1);
  if (at !== undefined) changeRun(work, { stack: [...work.run.stack.slice(0, -1), { ...at, ...to }] });
}

export function journal(work: Work, code: string, message: string): void {
  work.effects.push({ kind: "journal", code, message });
}

/** Notes that the turn has brought something (3.5 of the design's rules on loops): a value, a result, a new step. */
export const progressed = (work: Work): void => changeRun(work, { turn: { ...work.run.turn, progress: true } });

/** An id that no other conversation has. */
export function mint(work: Work): string {
  const n = work.run.minted;
  changeRun(work, { minted: n + 1 });
  return work.world.mint(n);
}

export const refused = (rule: GuardRule, message: string): Refusal => ({ rule, message });

interface ValueSources {
  run: Pick<ProcedureRun, "stack" | "heard">;
  world: Pick<ProcedureWorld, "contact" | "conversation" | "now">;
  find: Work["find"];
}

/** Values for conditions and texts: fields, results of operations, the contact and the event. */
export function valuesOf({ run, world, find }: ValueSources): Values {
  const { contact, conversation, now } = world;
  const at = run.stack.at(-1);
  const fields = Object.entries(at?.fields ?? {}).map(([name, { value }]) => [name, value] as const);
  const message = { text: run.heard.at(-1) ?? "" };
  const results = resultsOf(active({ run, find }));
  return { ...results, ...Object.fromEntries(fields), contact, conversation, message, now };
}

/** `billing.cancel_subscription.done` and its kin, as nested maps. What was not called is not done. */
function resultsOf(here: ReturnType<typeof active>): Values {
  const connectors: Record<string, Record<string, unknown>> = {};
  for (const operation of Object.keys(here?.procedure.uses ?? {})) {
    const [connector = "", name = ""] = operation.split(".");
    const { outcome, error } = own(here?.at.calls ?? {}, operation) ?? { outcome: "", error: "" };
    connectors[connector] = { ...connectors[connector], [name]: { done: outcome === "done", outcome, error } };
  }
  return connectors;
}

/** Value of an expression; undefined while a value that it needs is missing, and past the budget. */
export function evaluated(work: Work, expression: Expression, more: Values = {}): unknown {
  const onFault = (message: string): void =>
    journal(work, "condition.fault", `The condition ${expression.source} was given up: ${message}`);
  return expression.evaluate({ ...valuesOf(work), ...more }, onFault, work.world.budget);
}

/** A rendered text; "" if it could not be rendered, and the journal has the reason. */
export function rendered(work: Work, template: Template, more: Values = {}): string {
  const onFault = (message: string): void =>
    journal(work, "text.fault", `A text of the procedure could not be written: ${message}`);
  return template.render({ ...valuesOf(work), ...more }, onFault, work.world.budget).trim();
}

/** Everything that the run has learnt: the fields of all procedures in it, the active one's last. */
export function learnt(run: ProcedureRun): Readonly<Record<string, unknown>> {
  const fields = run.stack.flatMap((at) => Object.entries(at.fields));
  return Object.fromEntries(fields.map(([name, { value }]) => [name, value]));
}

/** The value of a field of the active procedure; undefined: none. */
export function fieldValue(work: Work, name: string): FieldValue | undefined {
  const fields = work.run.stack.at(-1)?.fields;
  return fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;
}

const plain = (text: string): string => text.toLowerCase().replaceAll(/\s+/gu, " ").trim();

/** True for whole words that the customer wrote in this run. */
export const isQuotable = ({ run }: Work, words: string): boolean =>
  holdsWhole(plain(run.heard.join("\n")), plain(words));

/** True where the understudy decides: no model is set, or none could be reached in this turn. */
export const isUnderstudy = ({ run, world }: Work): boolean => !world.model || run.turn.understudy;
