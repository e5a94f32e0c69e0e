/** The working copy of a run while it is advanced, and what taking a step may lead to. */

import type { CallError } from "../domain/call.ts";
import type { Budget } from "../language/budget.ts";
import type { Expression, OnFault, Template, Values } from "../language/expression.ts";
import { own } from "../lib/own.ts";
import type { Step, Texts, Workflow } from "./definition.ts";
import type { Effect, Escalation, Facts, FindWorkflow, Frame, Run, Waiting } from "./run.ts";
import { hole, merged, names, placed } from "./values.ts";

export interface Walk {
  readonly run: Omit<Run, "frames" | "values" | "taken" | "waiting">;
  frames: Frame[];
  values: Values;
  taken: number;
  readonly effects: Effect[];
  readonly facts: Facts;
  readonly find: FindWorkflow;
  /** What the conditions and texts of this event may still cost. */
  readonly budget: Budget;
}

export type Outcome =
  /** On to the step after this one. */
  | { kind: "next" }
  /** Into a list nested in this step, then on. */
  | { kind: "into"; steps: readonly Step[] }
  | { kind: "path"; path: string }
  /** To the step with this id. */
  | { kind: "goto"; target: string }
  | { kind: "workflow"; workflow: Workflow }
  | { kind: "wait"; waiting: Waiting }
  | { kind: "end" }
  /** `on_error` takes it, and sees it as `error`; else a person does. */
  | { kind: "failure"; error: Failure };

/** What `on_error` steps read: `error.reason`, `error.name` ("" where the manifest names none), `error.says`. */
interface Failure {
  reason: CallError["reason"] | "failure";
  name: string;
  /** One plain sentence. */
  says: string;
}

export const next: Outcome = { kind: "next" };
export const end: Outcome = { kind: "end" };
export const failure = (message: string): Extract<Outcome, { kind: "failure" }> => ({
  kind: "failure",
  error: { reason: "failure", name: "", says: message },
});

/** Room for values in the state, of 64 kB for all of it (T11); in characters of JSON. */
const MAX_VALUES_LENGTH = 48_000;

/** What conditions and texts see: the run's values, and over them the names no value may take. */
function scope(walk: Walk): Values {
  const { contact, conversation, message, event, queue, now } = walk.facts;
  return { ...walk.values, contact, conversation, message, event, queue, now };
}

/** Unique within all conversations: this event's prefix, this run, this step taken. Retries add their number. */
export function mint(walk: Walk): string {
  const tries = walk.frames.at(-1)?.tries ?? 0;
  const id = `${walk.facts.idPrefix}.${walk.run.id}.${walk.taken}`;
  return tries === 0 ? id : `${id}.${tries}`;
}

export function journal(walk: Walk, code: string, message: string): void {
  walk.effects.push({ kind: "journal", code, message });
}

/** The text in the first wanted language there is, else the one without a language, else the first of all. */
export function text(walk: Walk, texts: Texts): string {
  const wanted = [...walk.facts.languages.flatMap((tag) => [tag, tag.split("-")[0] ?? tag]), ""];
  const found = wanted.find((tag) => Object.hasOwn(texts, tag));
  const template = found === undefined ? Object.values(texts)[0] : texts[found];
  return template === undefined ? "" : rendered(walk, template);
}

/** A text with the run's values in it. One that could not be rendered is empty, and the journal says why. */
export function rendered(walk: Walk, template: Template): string {
  return written(walk, template).trim();
}

/** The same, with the white space around it. */
export function written(walk: Walk, template: Template): string {
  const onFault: OnFault = (message) =>
    journal(walk, "text.fault", `The text “${excerpt(template.source)}” could not be written: ${message}`);
  return template.render(scope(walk), onFault, walk.budget);
}

/** The value of a condition, over the run's values and `more`; one that costs too much is unknown, and the journal says so. */
export function evaluated(walk: Walk, expression: Expression, more: Values = {}): unknown {
  const onFault: OnFault = (message) =>
    journal(walk, "condition.fault", `The condition ${excerpt(expression.source)} was given up: ${message}`);
  return expression.evaluate({ ...scope(walk), ...more }, onFault, walk.budget);
}

/** A condition's value in words; a missing value makes it unknown, and unknown counts as false. */
export const truth = (value: unknown): string => (value === true ? "true" : value === false ? "false" : "unknown");

/** Enough of a source to find it by in its file. */
const EXCERPT_CHARACTERS = 60;

function excerpt(source: string): string {
  const line = source.trim().replaceAll(/\s+/g, " ");
  return line.length <= EXCERPT_CHARACTERS ? line : `${line.slice(0, EXCERPT_CHARACTERS).toWellFormed()}…`;
}

/** Puts a value under a dotted path, merging maps. Answers with a sentence where that can't be done. */
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

/** Saves each entry under its name, merging maps. */
export function saveAll(walk: Walk, entries: Values): string | null {
  for (const [name, value] of Object.entries(entries)) {
    const fault = save(walk, name, merged(own(walk.values, name), value));
    if (fault !== null) return fault;
  }
  return null;
}

/** To the default queue, and over. */
export function escalate(walk: Walk, escalation: Escalation): Outcome {
  const known = walk.values;
  walk.effects.push({ kind: "handoff", queue: null, priority: "normal", say: null, summary: null, escalation, known });
  return end;
}
