/** Reads `fields:`: what a procedure needs to know, and the only writer of each value. */
import { FACTS } from "../language/facts.ts";
import { didYouMean } from "../language/suggest.ts";
import {
  type Entry,
  type Fields,
  FORBIDDEN_NAMES,
  fault,
  quoted,
  readBoolean,
  readFields as readKeys,
  readMap,
  readText,
} from "../language/yaml-entry.ts";
import { own } from "../lib/own.ts";
import { readCheckedTemplate } from "./checked.ts";
import type { FieldSource, ProcedureField, ProcedureFieldType } from "./definition.ts";
import { type Head, type ListedOperation, optional } from "./head.ts";
import { FIELD_KEYS } from "./keys.ts";
import { readFieldType } from "./parse-field-type.ts";
import { returnedType } from "./parse-types.ts";
import { FACTS_SCOPE, type Scope, unknownValue } from "./scope.ts";

/** Our own limit: nobody answers so many questions. */
const MAX_FIELDS = 100;

/** Words of CEL, and names that conditions have for something else. */
const TAKEN: ReadonlySet<string> = new Set([
  ...Object.keys(FACTS),
  ...FORBIDDEN_NAMES,
  ..."true false null in as break const continue else for function if import let loop package namespace return var".split(
    " ",
  ),
  ..."void while size has int uint double bool string bytes list map type dyn event queue value".split(" "),
]);

type Known = Pick<Head, "operations" | "types">;

export interface ReadFields {
  fields: Readonly<Record<string, ProcedureField>>;
  /** Names of fields that could not be read. */
  broken: ReadonlySet<string>;
  /** Reads the questions, which may name any field. */
  questions(scope: Scope): Readonly<Record<string, ProcedureField>>;
}

/** Reads the fields, at first without their questions. */
export function readProcedureFields(entry: Entry, known: Known): ReadFields {
  const listed = [...(readMap(entry) ?? [])];
  if (listed.length > MAX_FIELDS)
    fault(entry, "001", `fields: has ${listed.length} fields; ${MAX_FIELDS} are read at most`);
  const connectors = new Set([...known.operations.keys()].map((name) => name.split(".")[0] ?? ""));
  const read = listed.slice(0, MAX_FIELDS).map(([name, field]) => {
    checkName(name, field, connectors);
    return { name, entry: field, field: readField(name, field, known) };
  });
  const fields = read.flatMap(({ field }) => field ?? []);
  return {
    fields: byName(fields),
    broken: new Set(read.filter(({ field }) => field === null).map(({ name }) => name)),
    questions: (scope) =>
      byName(read.flatMap(({ entry, field }) => (field === null ? [] : asked(entry, field, scope)))),
  };
}

const byName = (all: readonly ProcedureField[]): Readonly<Record<string, ProcedureField>> =>
  Object.fromEntries(all.map((field) => [field.name, field]));

function asked(entry: Entry, field: ProcedureField, scope: Scope): ProcedureField {
  const written = readMap(entry)?.get("question");
  return written === undefined ? field : { ...field, question: readCheckedTemplate(written, scope) };
}

function checkName(name: string, entry: Entry, connectors: ReadonlySet<string>): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name))
    fault(entry, "015", `a field's name is a word of letters, digits and _; this is ${quoted(name)}`, "key");
  else if (TAKEN.has(name)) fault(entry, "015", `${name} has a meaning already; choose another name`, "key");
  else if (connectors.has(name))
    fault(entry, "015", `${name} is a connector, whose results have that name; choose another`, "key");
}

function readField(name: string, entry: Entry, known: Known): ProcedureField | null {
  const keys = readKeys(entry, FIELD_KEYS);
  if (keys === null) return null;
  const type = readFieldType(keys, known.types);
  const from = readSource(entry, keys, { type, known });
  const rest = {
    ask: optional(keys, "ask", readText) ?? "",
    labels: type?.kind === "enum" ? (optional(keys, "labels", (labels) => readLabels(labels, type.values)) ?? {}) : {},
    optional: optional(keys, "optional", readBoolean) ?? false,
    sensitive: optional(keys, "sensitive", readBoolean) ?? false,
  };
  if (from !== null) refuseQuestions(keys, from);
  return type === null || from === null ? null : { name, type, from, ...rest, question: null, position: entry.keyAt };
}

/** Only a customer is asked. */
function refuseQuestions(keys: Fields, from: FieldSource): void {
  if (from.kind === "customer") return;
  for (const key of ["ask", "question", "optional"]) {
    const entry = keys.get(key);
    if (entry !== undefined) fault(entry, "005", `only a field from: customer has ${key}:`, "key");
  }
}

function readLabels(entry: Entry, values: readonly string[]): Readonly<Record<string, string>> {
  const labels: [string, string][] = [];
  for (const [value, label] of readMap(entry) ?? []) {
    const text = readText(label);
    if (!values.includes(value)) fault(label, "118", `there is no value "${value}"${didYouMean(value, values)}`, "key");
    else if (text !== null) labels.push([value, text]);
  }
  return Object.fromEntries(labels);
}

interface SourceOptions {
  type: ProcedureFieldType | null;
  known: Known;
}

/** Reads `from:`. A value that a customer can type is from the customer unless the file says otherwise. */
function readSource(field: Entry, keys: Fields, { type, known }: SourceOptions): FieldSource | null {
  const entry = keys.get("from");
  if (entry === undefined) {
    if (type?.kind !== "named") return { kind: "customer" };
    return fault(field, "006", "a field of a named type needs from:, the operation or code block that sets it", "key");
  }
  const text = readText(entry);
  if (text === null) return null;
  if (text === "customer" && type?.kind === "named")
    return fault(entry, "112", `a customer cannot write a ${type.name}; name the operation or code block that sets it`);
  if (text === "customer" || text === "human" || text === "set") return { kind: text };
  if (text.startsWith("contact.")) return fromContact(entry, text);
  if (text.includes(".")) return fromConnector(entry, text, { type, known });
  if (/^[a-z][a-z0-9_-]{0,63}$/.test(text)) return { kind: "code", block: text };
  return fault(
    entry,
    "014",
    `from: is customer, human, set, a value of the contact, an operation or a code block; this is ${quoted(text)}`,
  );
}

function fromContact(entry: Entry, text: string): FieldSource | null {
  const path = text.split(".");
  const unknown = path.includes("") ? `${quoted(text)} is no value of a contact` : unknownValue(path, FACTS_SCOPE);
  return unknown === null ? { kind: "contact", path: path.slice(1).join(".") } : fault(entry, "115", unknown);
}

function fromConnector(entry: Entry, text: string, { type, known }: SourceOptions): FieldSource | null {
  const listed = known.operations.get(text);
  if (listed === undefined) {
    const meant = didYouMean(text, known.operations.keys());
    return fault(entry, "108", `connector operation "${text}" is not listed under connectors:${meant}`);
  }
  const misfit = type === null ? null : misfitOf(listed, type);
  return misfit === null ? { kind: "connector", operation: text } : fault(entry, "112", misfit);
}

/** The sentence for an operation whose answer is no such value; null if it fits, or nothing is known about it. */
function misfitOf({ name, operation }: ListedOperation, type: ProcedureFieldType): string | null {
  if (operation === null) return null;
  const returned = returnedType(name, operation);
  if (operation.returns === null) return `${name} returns nothing`;
  if (returned === null)
    return `the answer of ${name} has no name; write returns: { Name: { … } } in the connector's file`;
  if (type.kind === "named" && type.name === returned) return null;
  return `${name} returns ${returned}, so the field's type is ${returned}`;
}

/** Values of types that fields and code blocks share. */
export const sameType = (field: ProcedureFieldType, returns: string): boolean => {
  if (field.kind === "named") return field.name === returns;
  const accepted: Readonly<Record<string, readonly string[]>> = {
    string: ["text", "email", "phone", "id", "enum", "datetime"],
    number: ["number"],
    boolean: ["yes_no"],
    date: ["date"],
  };
  return own(accepted, returns)?.includes(field.kind) ?? false;
};
