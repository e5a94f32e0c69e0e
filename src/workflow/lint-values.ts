/** W115: every value that a condition or text reads is known from the start or set by an earlier step. */
import type { ValueType } from "../domain/connector-schema.ts";
import type { Use } from "../language/expression.ts";
import { didYouMean } from "../language/suggest.ts";
import { namesFromOutside } from "./calls.ts";
import type { Step } from "./definition.ts";
import { KNOWN_VALUES } from "./known-values.ts";
import { targetOf } from "./lint-flow.ts";
import { find, type Subject } from "./lint-subject.ts";
import { readersOf } from "./readers.ts";
import { rootOf, type Setting } from "./setting.ts";
import { definitionOf } from "./step-kinds.ts";
import { stepPositions } from "./step-positions.ts";
import type { StepPosition } from "./step-tree.ts";
import { conditionOf } from "./triggers.ts";

const KNOWN = Object.keys(KNOWN_VALUES);

export function lintValues(subject: Subject): void {
  const { workflow, world } = subject;
  const outside = namesFromOutside(workflow, world);
  const jumps = jumpsOf(subject);
  const settings = subject.steps.map(({ step }) => [
    ...definitionOf(step.kind).settings(step, world),
    ...whatWentWrong(step),
  ]);
  const conditions = [workflow.if, ...workflow.triggers.map(conditionOf)];
  for (const use of conditions.flatMap((condition) => condition?.uses ?? [])) {
    lintUse(subject, use, { before: [], outside });
  }
  for (const [index, { step }] of subject.steps.entries()) {
    const before = settings.flatMap((own, at) =>
      at < index || jumps.some(([to, from]) => to <= index && at <= from) ? own : [],
    );
    const inner = [...before, ...(definitionOf(step.kind).ownValues?.(step) ?? [])];
    for (const use of readersOf(step).flatMap(({ uses }) => uses)) lintUse(subject, use, { before: inner, outside });
  }
}

const text = { value: { type: "string" }, optional: false } as const;
const ERROR: ValueType = { type: "object", fields: { reason: text, name: text, says: text } };

/** The steps under `on_error:` can read `error`. */
const whatWentWrong = ({ onError }: Step): readonly Setting[] =>
  onError === null ? [] : [{ path: "error", source: { kind: "schema", schema: ERROR } }];

/** Jumps back, as pairs of indexes (target, goto) in the file's order. Steps between them can run in any order. */
function jumpsOf({ workflow, steps }: Subject): readonly [number, number][] {
  const places = stepPositions(workflow);
  const index = new Map<StepPosition, number>(steps.map((place, at) => [place, at]));
  return steps.flatMap((place, from): [number, number][] => {
    const target = targetOf(places, place.step);
    const to = target === undefined ? undefined : index.get(target);
    return to === undefined || to > from ? [] : [[to, from]];
  });
}

function lintUse(
  subject: Subject,
  use: Use,
  known: { before: readonly Setting[]; outside: ReadonlySet<string> },
): void {
  const [root = "", field] = use.path;
  const declared = Object.hasOwn(KNOWN_VALUES, root) ? KNOWN_VALUES[root] : undefined;
  if (declared !== undefined) {
    if (field === undefined || typeof declared === "string" || Object.hasOwn(declared, field)) return;
    return find(
      subject,
      use.position,
      "W115",
      `${root} has no field "${field}"${didYouMean(field, Object.keys(declared))}`,
    );
  }
  const setters = known.before.filter(({ path }) => rootOf(path) === root);
  if (setters.length === 0 && !known.outside.has(root)) {
    const names = [...KNOWN, ...known.outside, ...known.before.map(({ path }) => rootOf(path))];
    return find(subject, use.position, "W115", `no step before this sets "${root}"${didYouMean(root, names)}`);
  }
  const [only, ...others] = setters;
  const fields = known.outside.has(root) ? null : fieldsOf(root, setters);
  if (fields !== null && field !== undefined && !fields.includes(field)) {
    const [source] = setters.map(({ source }) => source.kind);
    const message =
      setters.length === 1 && source === "schema" ? `the connector returns no "${field}" in ${root}` : null;
    return find(
      subject,
      use.position,
      "W115",
      `${message ?? `nothing before this sets "${field}" in ${root}`}${didYouMean(field, fields)}`,
    );
  }
  if (only?.path !== root || only.source.kind !== "schema" || others.length > 0 || known.outside.has(root)) return;
  const missing = missingField(only.source.schema, use.path.slice(1));
  if (missing === null) return;
  find(
    subject,
    use.position,
    "W115",
    `the connector returns no "${missing.name}" in ${root}${didYouMean(missing.name, missing.known)}`,
  );
}

/** Fields that a value can have, set one by one or returned by a connector; null if it can have any. */
function fieldsOf(root: string, setters: readonly Setting[]): readonly string[] | null {
  const fields = setters.map(({ path, source }) => {
    const [, field] = path.split(".");
    if (field !== undefined) return [field];
    return path === root && source.kind === "schema" && source.schema.type === "object"
      ? Object.keys(source.schema.fields)
      : null;
  });
  return fields.includes(null) ? null : fields.flatMap((names) => names ?? []);
}

function missingField(schema: ValueType, path: readonly string[]): { name: string; known: readonly string[] } | null {
  const [name, ...rest] = path;
  if (name === undefined || schema.type !== "object") return null;
  const field = Object.hasOwn(schema.fields, name) ? schema.fields[name] : undefined;
  return field === undefined ? { name, known: Object.keys(schema.fields) } : missingField(field.value, rest);
}
