/** Reads `read_back:`: the read that tells what came of a write whose answer was lost. */
import { isScalar } from "yaml";
import type {
  ConnectorOperation,
  FieldSchemas,
  ReadBack,
  ReadBackSource,
  ValueType,
} from "../domain/connector-schema.ts";
import type { DeclaredFields, DeclaredType } from "../language/cel.ts";
import type { Use } from "../language/expression.ts";
import { didYouMean } from "../language/suggest.ts";
import {
  type Entry,
  type Fields,
  fault,
  readDuration,
  readFields,
  readMap,
  readText,
  spoiled,
} from "../language/yaml-entry.ts";
import { report } from "../language/yaml-file.ts";
import { readExpression } from "../language/yaml-language.ts";

type Operation = Omit<ConnectorOperation, "readBack">;

/** Our choice: longer than a system takes to make what it received, shorter than a customer's patience. */
const DEFAULT_WITHIN_MS = 5_000;
const MAX_WITHIN_MS = 60_000;
/** Source of an input of the read that is not an input of the write. */
const KEY = "idempotency_key";

interface Pair {
  write: Operation;
  read: Operation;
}

/** Reads the read-back of a write. `all`: the operations of the connector. */
export function readReadBack(
  entry: Entry,
  write: Operation,
  all: Readonly<Record<string, Operation>>,
): ReadBack | null {
  if (spoiled(entry)) return null;
  const short = isScalar(entry.node);
  const keys = { what: "read_back:", known: ["operation", "with", "done_if", "within"], required: ["operation"] };
  const fields: Fields | null = short ? new Map([["operation", entry]]) : readFields(entry, keys);
  const named = fields?.get("operation");
  const read = named === undefined ? null : readOperationName(named, all);
  if (fields === null || read === null) return null;
  const pair = { write, read };
  const within = fields.get("within");
  return {
    operation: read.name,
    with: readSources(entry, fields.get("with"), pair),
    doneIf: readDoneIf(entry, fields.get("done_if"), pair),
    withinMs: (within === undefined ? null : readWithin(within)) ?? DEFAULT_WITHIN_MS,
  };
}

function readOperationName(entry: Entry, all: Readonly<Record<string, Operation>>): Operation | null {
  const name = readText(entry);
  if (name === null) return null;
  const found = Object.hasOwn(all, name) ? all[name] : undefined;
  const reads = Object.values(all).filter(({ kind }) => kind === "read");
  if (found === undefined) {
    const meant = didYouMean(
      name,
      reads.map((one) => one.name),
    );
    return fault(entry, "207", `this connector has no operation "${name}"${meant}`);
  }
  return found.kind === "read" ? found : fault(entry, "207", `${name} changes something; name a kind: read`);
}

function readWithin(entry: Entry): number | null {
  const ms = readDuration(entry);
  if (ms === null || ms <= MAX_WITHIN_MS) return ms;
  return fault(entry, "013", `within: is at most ${MAX_WITHIN_MS / 1_000}s`);
}

/** Inputs that `with:` does not give are those of the same name. */
function readSources(entry: Entry, given: Entry | undefined, { write, read }: Pair): ReadBack["with"] {
  const fields = [...((given === undefined ? null : readMap(given)) ?? [])];
  const unknown = fields.filter(([name]) => !Object.hasOwn(read.input, name));
  for (const [name, field] of unknown)
    fault(field, "207", `${read.name} takes no ${name}${didYouMean(name, Object.keys(read.input))}`, "key");
  const sources = fields.flatMap(([name, field]): [string, ReadBackSource][] => {
    const source = readSource(field, write);
    return source === null ? [] : [[name, source]];
  });
  // The inputs that were meant would be reported once more, as missing.
  if (unknown.length > 0 || sources.length < fields.length) return {};
  for (const [name, { optional }] of Object.entries(read.input)) {
    if (sources.some(([known]) => known === name)) continue;
    if (Object.hasOwn(write.input, name)) sources.push([name, { from: "input", name }]);
    else if (!optional) fault(entry, "207", `${read.name} needs ${name}; give it under with:, from an input or ${KEY}`);
  }
  return Object.fromEntries(sources);
}

function readSource(entry: Entry, write: Operation): ReadBackSource | null {
  const text = readText(entry);
  if (text === null) return null;
  if (text === KEY) return { from: "idempotency_key" };
  if (Object.hasOwn(write.input, text)) return { from: "input", name: text };
  const known = [...Object.keys(write.input), KEY];
  return fault(
    entry,
    "207",
    `with: names inputs of ${write.name}, or ${KEY}; there is no ${text}${didYouMean(text, known)}`,
  );
}

/** Checks that the read can tell: by a condition, or by finding what the write returns. */
function readDoneIf(entry: Entry, given: Entry | undefined, { write, read }: Pair): string | null {
  const missing = write.returns === null ? null : missingField(write.returns, read.returns);
  if (missing !== null)
    fault(entry, "207", `${read.name} does not return ${missing}, which ${write.name} returns; both have to`);
  if (given === undefined) return null;
  const declared: DeclaredFields = { answer: declaredOf(read.returns), input: declaredFields(write.input) };
  const expression = readExpression(given, declared, "bool");
  for (const use of expression?.uses ?? []) checkUse(given, use);
  return expression?.source ?? null;
}

function checkUse(entry: Entry, { path: [root = ""], position }: Use): void {
  if (root === "answer" || root === "input") return;
  const message = `done_if: reads answer (of the read) and input (of the write); there is no ${root}`;
  report(entry.yaml, { at: position, number: "207", message });
}

/** Path of a field that a value of `wanted` has and one of `given` may lack; null: there is none. */
function missingField(wanted: ValueType, given: ValueType | null): string | null {
  if (wanted.type !== "object") return given !== null && holds(wanted, given) ? null : "the same";
  if (given?.type !== "object") return "the same";
  for (const [name, { value, optional }] of Object.entries(wanted.fields)) {
    const field = Object.hasOwn(given.fields, name) ? given.fields[name] : undefined;
    if (field === undefined ? !optional : field.optional && !optional) return name;
    if (field !== undefined && missingField(value, field.value) !== null) return name;
  }
  return null;
}

/** True if every value of `given` is one of `wanted`. */
function holds(wanted: Exclude<ValueType, { type: "object" }>, given: ValueType): boolean {
  switch (wanted.type) {
    case "string":
      return given.type === "string" || given.type === "date" || given.type === "enum";
    case "enum":
      return given.type === "enum" && given.values.every((value) => wanted.values.includes(value));
    case "list":
      return given.type === "list" && missingField(wanted.of, given.of) === null;
    case "number":
    case "boolean":
    case "date":
      return given.type === wanted.type;
  }
}

function declaredOf(type: ValueType | null): DeclaredType {
  switch (type?.type) {
    case undefined:
      return "dyn";
    case "string":
    case "date":
    case "enum":
      return "string";
    case "number":
      return "double";
    case "boolean":
      return "bool";
    case "list":
      return "list";
    case "object":
      return declaredFields(type.fields);
  }
}

/** Fields that may be absent are declared as the others: an absent one makes the condition undefined. */
function declaredFields(fields: FieldSchemas): DeclaredType {
  const entries = Object.entries(fields).map(([name, { value }]) => [name, declaredOf(value)] as const);
  return entries.length === 0 ? "map" : Object.fromEntries(entries);
}
