/** Checks values against declared types: the answers of connectors, their inputs, and the results of code blocks. */
import { fail, ok, type Result } from "../lib/result.ts";
import type { FieldSchemas, ScalarType, ValueType } from "./connector-schema.ts";

/** A fault names the path and the types, never the value: it goes into the journal. */
type Typed = Result<unknown, string>;
type Entries = Readonly<Record<string, unknown>>;

/** Characters of an undeclared name that a fault repeats. */
const NAME_LENGTH = 60;

interface Projection {
  /** Path of the value, for faults. */
  at: string;
  /** Fields that the type does not declare: dropped, or a fault. */
  undeclared: "drop" | "refuse";
}

/** True for a map of names to values. */
export const isRecord = (value: unknown): value is Entries =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value with its declared fields alone, without optional ones that are null. */
export function project(value: unknown, type: ValueType, how: Projection): Typed {
  const { at } = how;
  switch (type.type) {
    case "string":
    case "number":
    case "boolean":
    case "date":
      return isScalar(value, type.type) ? ok(value) : mismatch(at, `a ${type.type}`, value);
    case "enum":
      if (typeof value !== "string") return mismatch(at, "a string", value);
      return type.values.includes(value) ? ok(value) : fail(`${at} is none of ${type.values.join(", ")}`);
    case "list":
      return Array.isArray(value) ? list(value, type.of, how) : mismatch(at, "a list", value);
    case "object":
      return isRecord(value) ? projectFields(value, type.fields, how) : mismatch(at, "an object", value);
  }
}

function list(items: readonly unknown[], of: ValueType, how: Projection): Typed {
  const kept: unknown[] = [];
  for (const [index, item] of items.entries()) {
    const read = project(item, of, { ...how, at: `${how.at}[${index}]` });
    if (!read.ok) return read;
    kept.push(read.value);
  }
  return ok(kept);
}

/** The declared fields of a map, without optional ones that are null. */
export function projectFields(value: Entries, schemas: FieldSchemas, how: Projection): Result<Entries, string> {
  const { at, undeclared } = how;
  const unknown = undeclared === "drop" ? undefined : Object.keys(value).find((name) => !Object.hasOwn(schemas, name));
  if (unknown !== undefined) return fail(`${at}.${unknown.slice(0, NAME_LENGTH)} is not declared`);
  const kept: [string, unknown][] = [];
  for (const [name, schema] of Object.entries(schemas)) {
    const one = Object.hasOwn(value, name) ? value[name] : undefined;
    // Conditions have no null: a missing value is absent.
    if ((one === undefined || one === null) && schema.optional) continue;
    const read = project(one, schema.value, { ...how, at: `${at}.${name}` });
    if (!read.ok) return read;
    kept.push([name, read.value]);
  }
  return ok(Object.fromEntries(kept));
}

const DATE = /^\d{4}-\d{2}-\d{2}(?:$|T)/;

function isScalar(value: unknown, type: ScalarType): boolean {
  switch (type) {
    case "string":
      return typeof value === "string";
    case "number":
      return typeof value === "number" && Number.isFinite(value);
    case "boolean":
      return typeof value === "boolean";
    case "date":
      return typeof value === "string" && DATE.test(value) && !Number.isNaN(Date.parse(value));
  }
}

function mismatch(at: string, wanted: string, value: unknown): Typed {
  const got =
    value === undefined ? "missing" : value === null ? "null" : Array.isArray(value) ? "a list" : typeof value;
  return fail(`${at} should be ${wanted}, but is ${got}`);
}
