/** Reads the type of a field: a kind of value that a customer can type, an enum, or a named type. */
import type { ValueType } from "../domain/connector-schema.ts";
import { patternFault } from "../language/pattern.ts";
import { didYouMean } from "../language/suggest.ts";
import { type Entry, type Fields, fault, isName, quoted, readList, readText } from "../language/yaml-entry.ts";
import { reportSource } from "../language/yaml-language.ts";
import { own } from "../lib/own.ts";
import type { ProcedureFieldType } from "./definition.ts";

const SCALARS = ["text", "email", "phone", "number", "money", "date", "datetime", "yes_no", "file"] as const;

/** Names of the types that a field can have, without those of connectors and `types:`. */
export const FIELD_TYPES: readonly string[] = [...SCALARS, "id", "enum"];

/** Our own limits: a pattern for an order number has a dozen characters, and a list of choices a dozen words. */
const MAX_PATTERN_CHARACTERS = 200;
const MAX_VALUES = 50;
/** The longest typed answer that a pattern is tried on, as in the forms of workflows. */
const MAX_TYPED_LENGTH = 500;

/** Makes a pattern match the whole value. */
const WHOLE = { before: "^(?:", after: ")$" };
/** Offset of the pattern in `id(…)`. */
const BEFORE_PATTERN = "id(".length;

/** Reads `type:`, with `values:` and `pattern:` beside it. */
export function readFieldType(fields: Fields, types: Readonly<Record<string, ValueType>>): ProcedureFieldType | null {
  const entry = fields.get("type");
  const text = entry === undefined ? null : readText(entry);
  if (entry === undefined || text === null) return null;
  refuseKeys(fields, text);
  if (text === "enum") return readEnum(entry, fields);
  const kind = SCALARS.find((known) => known === text);
  if (kind !== undefined) return { kind };
  const inner = /^id\((.*)\)$/s.exec(text)?.[1];
  if (inner !== undefined) return readPattern(entry, inner, BEFORE_PATTERN);
  const pattern = fields.get("pattern");
  if (text === "id") return pattern === undefined ? { kind: "id", pattern: null } : readPatternKey(pattern);
  const value = own(types, text);
  if (value !== undefined) return { kind: "named", name: text, value };
  const known = [...FIELD_TYPES, ...Object.keys(types)];
  const hint = didYouMean(text, known) || `; a field is one of ${known.join(", ")}`;
  return fault(entry, "010", `there is no type ${quoted(text)}${hint}`);
}

function refuseKeys(fields: Fields, type: string): void {
  const values = fields.get("values");
  const pattern = fields.get("pattern");
  const labels = fields.get("labels");
  if (values !== undefined && type !== "enum")
    fault(values, "005", `only a field of type enum has values:, this is ${type}`, "key");
  if (labels !== undefined && type !== "enum")
    fault(labels, "005", `only a field of type enum has labels:, this is ${type}`, "key");
  if (pattern !== undefined && type !== "id")
    fault(pattern, "005", `only a field of type id has pattern:, this is ${type}`, "key");
}

function readEnum(entry: Entry, fields: Fields): ProcedureFieldType | null {
  const listed = fields.get("values");
  if (listed === undefined) return fault(entry, "006", "a field of type enum needs values:", "key");
  const items = readList(listed);
  if (items === null) return null;
  if (items.length === 0) return fault(listed, "006", "values: names at least one word");
  if (items.length > MAX_VALUES) return fault(listed, "001", `values: lists at most ${MAX_VALUES} words`);
  const values: string[] = [];
  for (const item of items) {
    const value = readText(item);
    if (value === null) continue;
    if (!isName(value)) fault(item, "015", `a value is a word of letters, digits, - and _; this is ${quoted(value)}`);
    else if (values.includes(value)) fault(item, "015", `${value} stands here twice`);
    else values.push(value);
  }
  return { kind: "enum", values };
}

function readPatternKey(entry: Entry): ProcedureFieldType | null {
  const text = readText(entry);
  return text === null ? null : readPattern(entry, text, 0);
}

function readPattern(entry: Entry, body: string, before: number): ProcedureFieldType | null {
  if (body.length > MAX_PATTERN_CHARACTERS)
    return fault(entry, "014", `a pattern may have ${MAX_PATTERN_CHARACTERS} characters`);
  const whole = `${WHOLE.before}${body}${WHOLE.after}`;
  const slow = patternFault(whole, MAX_TYPED_LENGTH);
  if (slow === null) return { kind: "id", pattern: new RegExp(whole, "u") };
  const within = Math.max(0, slow.offset - WHOLE.before.length);
  return reportSource(entry, "014", { ...slow, offset: before + within });
}
