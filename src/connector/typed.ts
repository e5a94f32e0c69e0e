/** Checks values against the types of a manifest: the input of a call, and the kept fields of its answer. */

import type { FieldSchemas, ScalarType, ValueType } from "../domain/connector-schema.ts";
import { own } from "../lib/own.ts";
import { fail, ok, type Result } from "../lib/result.ts";

/** A fault names the path and the types, never the value: it goes into the journal. */
type Typed = Result<unknown, string>;
type Entries = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Entries =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Keeps the declared fields, drops all others, and omits optional fields that are null. */
export function project(value: unknown, type: ValueType, at: string): Typed {
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
      return Array.isArray(value) ? list(value, type.of, at) : mismatch(at, "a list", value);
    case "object":
      return isRecord(value) ? fields(value, type.fields, at) : mismatch(at, "an object", value);
  }
}

function list(items: readonly unknown[], of: ValueType, at: string): Typed {
  const kept: unknown[] = [];
  for (const [index, item] of items.entries()) {
    const read = project(item, of, `${at}[${index}]`);
    if (!read.ok) return read;
    kept.push(read.value);
  }
  return ok(kept);
}

function fields(value: Entries, schemas: FieldSchemas, at: string): Typed {
  const kept: [string, unknown][] = [];
  for (const [name, schema] of Object.entries(schemas)) {
    const one = Object.hasOwn(value, name) ? value[name] : undefined;
    // Conditions have no null: a missing value is absent.
    if ((one === undefined || one === null) && schema.optional) continue;
    const read = project(one, schema.value, `${at}.${name}`);
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

/**
 * Converts a step's input to the operation's types. Texts from templates become numbers and booleans where declared; an
 * empty text, which a template renders for a missing value, counts as missing.
 */
export function readInput(given: unknown, schemas: FieldSchemas): Result<Entries, string> {
  if (!isRecord(given)) return fail("The input should be a map of names to values");
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(schemas, name));
  if (unknown !== undefined) return fail(`The operation takes no ${unknown}`);
  const present = Object.entries(given).filter(([, value]) => value !== "" && value !== undefined && value !== null);
  const wanted = present.map(([name, value]): [string, unknown] => [name, read(value, own(schemas, name)?.value)]);
  const checked = fields(Object.fromEntries(wanted), schemas, "The input");
  return checked.ok ? ok(checked.value as Entries) : checked;
}

function read(value: unknown, type: ValueType | undefined): unknown {
  if (type?.type === "number" && typeof value === "string" && /^[-+]?\d+(?:\.\d+)?$/.test(value)) return Number(value);
  if (type?.type === "boolean" && (value === "true" || value === "false")) return value === "true";
  if (type?.type === "string" && typeof value === "number") return String(value);
  return value;
}
