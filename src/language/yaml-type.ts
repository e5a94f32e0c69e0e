/** Reads types, as connectors and procedures declare them. */
import { isMap, isSeq } from "yaml";
import { type FieldSchema, type FieldSchemas, SCALAR_TYPES, type ValueType } from "../domain/connector-schema.ts";
import { didYouMean } from "./suggest.ts";
import { type Entry, FORBIDDEN_NAMES, fault, quoted, readList, readMap, readText } from "./yaml-entry.ts";

/** Reads a map of names to types. */
export function readSchemas(entry: Entry): FieldSchemas | null {
  const fields = readMap(entry);
  if (fields === null) return null;
  const schemas: [string, FieldSchema][] = [];
  for (const [name, field] of fields) {
    const optional = name.endsWith("?");
    const bare = optional ? name.slice(0, -1) : name;
    if (bare === "" || FORBIDDEN_NAMES.has(bare)) fault(field, "015", `${quoted(name)} cannot be a name`, "key");
    const schema = readSchema(field);
    if (schema !== null) schemas.push([bare, { ...schema, optional: optional || schema.optional }]);
  }
  return Object.fromEntries(schemas);
}

/** Reads a type: `string`, `number?`, `[a, b]` (an enum), `list of string`, or a map of fields. */
export function readType(entry: Entry): ValueType | null {
  return readSchema(entry)?.value ?? null;
}

function readSchema(entry: Entry): FieldSchema | null {
  if (isMap(entry.node)) {
    const fields = readSchemas(entry);
    return fields === null ? null : { value: { type: "object", fields }, optional: false };
  }
  if (isSeq(entry.node)) return readEnum(entry);
  const text = readText(entry)?.trim() ?? null;
  if (text === null) return null;
  const optional = text.endsWith("?");
  const value = typeOf(optional ? text.slice(0, -1).trim() : text);
  if (value !== null) return { value, optional };
  const known = [...SCALAR_TYPES, ...SCALAR_TYPES.map((type) => `list of ${type}`)];
  return fault(
    entry,
    "014",
    `a type is one of ${known.join(", ")}, or a list of words; this is ${quoted(text)}${didYouMean(text, known)}`,
  );
}

function typeOf(text: string): ValueType | null {
  const item = /^list of (.+)$/.exec(text)?.[1];
  if (item !== undefined) {
    const of = SCALAR_TYPES.find((type) => type === item);
    return of === undefined ? null : { type: "list", of: { type: of } };
  }
  const type = SCALAR_TYPES.find((known) => known === text);
  return type === undefined ? null : { type };
}

/** Reads `[discount, pause]`, an enum. A list with a single mapping is a list of such objects. */
function readEnum(entry: Entry): FieldSchema | null {
  const items = readList(entry);
  if (items === null) return null;
  const [only] = items;
  if (items.length === 1 && only !== undefined && isMap(only.node)) {
    const of = readType(only);
    return of === null ? null : { value: { type: "list", of }, optional: false };
  }
  if (items.length === 0) return fault(entry, "006", "name at least one allowed word");
  const values = items.map(readText).filter((word) => word !== null);
  return { value: { type: "enum", values }, optional: false };
}
