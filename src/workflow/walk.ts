/** The working copy of a run while it is advanced, and the outcomes of a step. */

import type { CallError } from "../domain/call.ts";
import type { Budget } from "../language/budget.ts";
import type { Expression, OnFault, Template, Values } from "../language/expression.ts";
import { textFor } from "../language/text-for.ts";
import { own } from "../lib/own.ts";
import type { Step, Texts, Workflow } from "./definition.ts";
import type { Effect, Escalation, Facts, FindWorkflow, Frame, ProcedureCatalog, Run, Wait } from "./run.ts";
import { hole, merged, names, placed } from "./values.ts";

export interface Walk {
  run: Omit<Run, "frames" | "values" | "taken" | "waits">;
  frames: Frame[];
  values: Values;
  taken: number;
  readonly effects: Effect[];
  readonly facts: Facts;
  readonly find: FindWorkflow;
  readonly catalog: ProcedureCatalog;
  /** Budget left for the conditions and texts of this event. */
  readonly budget: Budget;
  /** Set when a reply was no answer to the question. */
  missed?: true;
}

export type StepOutcome =
  /** On to the step after this one. */
  | { kind: "next" }
  /** Into a list nested in this step, then on. */
  | { kind: "into"; steps: readonly Step[] }
  | { kind: "path"; path: string }
  /** To the step with this id. */
  | { kind: "goto"; target: string }
  | { kind: "workflow"; workflow: Workflow }
  /** Waits for the first of these; the others are still waited for after it, unless the step moves on. */
  | { kind: "wait"; for: readonly Wait[] }
  | { kind: "end" }
  /** To the nearest `on_error:` steps, which read it as `error`; without any, to a person. */
  | { kind: "failure"; error: Failure };

/** The error that `on_error:` steps read. `name` is "" if the manifest names none. */
interface Failure {
  reason: CallError["reason"] | "failure";
  name: string;
  /** One plain sentence. */
  says: string;
}

export const next: StepOutcome = { kind: "next" };
export const end: StepOutcome = { kind: "end" };
export const waitFor = (...waits: readonly Wait[]): StepOutcome => ({ kind: "wait", for: waits });
export const failedStep = (message: string): Extract<StepOutcome, { kind: "failure" }> => ({
  kind: "failure",
  error: { reason: "failure", name: "", says: message },
});

/** Limit for all values of a run, in characters of JSON. The whole state has 64 kB (T11). */
const MAX_VALUES_LENGTH = 48_000;

/** Values for conditions and texts: the run's own, replaced by the facts where names are equal. */
function scope(walk: Walk): Values {
  const { contact, conversation, message, event, queue, now } = walk.facts;
  return { ...walk.values, contact, conversation, message, event, queue, now };
}

/** An id that is unique among all conversations, made of the event's prefix, the run, the step taken and the retry. */
export function mint(walk: Walk): string {
  const tries = walk.frames.at(-1)?.tries ?? 0;
  const id = `${walk.facts.idPrefix}.${walk.run.id}.${walk.taken}`;
  return tries === 0 ? id : `${id}.${tries}`;
}

export function journalLine(walk: Walk, code: string, message: string): void {
  walk.effects.push({ kind: "journal", code, message });
}

/** The text in the first of the customer's languages that exists, else the one without a language, else the first. */
export function text(walk: Walk, texts: Texts): string {
  const template = textFor(texts, walk.facts.languages);
  return template === undefined ? "" : rendered(walk, template);
}

/** A rendered text. It is empty if it could not be rendered, and the journal has the reason. */
export function rendered(walk: Walk, template: Template): string {
  return written(walk, template).trim();
}

/** A rendered text with the white space around it. */
export function written(walk: Walk, template: Template): string {
  const onFault: OnFault = (message) =>
    journalLine(walk, "text.fault", `The text “${excerpt(template.source)}” could not be written: ${message}`);
  return template.render(scope(walk), onFault, walk.budget);
}

/** Value of a condition over the run's values and `more`. Past the budget it is undefined, and the journal tells so. */
export function evaluated(walk: Walk, expression: Expression, more: Values = {}): unknown {
  const onFault: OnFault = (message) =>
    journalLine(walk, "condition.fault", `The condition ${excerpt(expression.source)} was given up: ${message}`);
  return expression.evaluate({ ...scope(walk), ...more }, onFault, walk.budget);
}

/** A condition's value in words. It is unknown if a value is missing, and unknown counts as false. */
export const truth = (value: unknown): string => (value === true ? "true" : value === false ? "false" : "unknown");

/** Enough of a source to find it in its file. */
const EXCERPT_CHARACTERS = 60;

function excerpt(source: string): string {
  const line = source.trim().replaceAll(/\s+/g, " ");
  return line.length <= EXCERPT_CHARACTERS ? line : `${line.slice(0, EXCERPT_CHARACTERS).toWellFormed()}…`;
}

/** Saves a value under a dotted path. Returns a sentence with the reason if that is not possible, else null. */
export function save(walk: Walk, path: string, value: unknown): string | null {
  const fault = hole(walk.values, path);
  if (fault !== null) return fault;
  const values = placed(walk.values, names(path), value);
  if (JSON.stringify(values).length > MAX_VALUES_LENGTH) {
    return `${path} does not fit: a workflow keeps at most ${MAX_VALUES_LENGTH} characters of values. Save less of it.`;
  }
  walk.values = values;
  return null;
}

/** Saves each entry under its name, merging maps. Returns the first reason against it, or null. */
export function saveAll(walk: Walk, entries: Values): string | null {
  for (const [name, value] of Object.entries(entries)) {
    const fault = save(walk, name, merged(own(walk.values, name), value));
    if (fault !== null) return fault;
  }
  return null;
}

/** Hands over to the default queue and ends the run. */
export function escalate(walk: Walk, escalation: Escalation): StepOutcome {
  const known = walk.values;
  walk.effects.push({ kind: "handoff", queue: null, priority: "normal", say: null, summary: null, escalation, known });
  return end;
}
