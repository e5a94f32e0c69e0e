/** Checks the input of a call against the types of a manifest. */
import type { FieldSchemas, ValueType } from "../domain/connector-schema.ts";
import { isRecord, projectFields } from "../domain/typed-value.ts";
import { own } from "../lib/own.ts";
import { fail, type Result } from "../lib/result.ts";

type Entries = Readonly<Record<string, unknown>>;

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
  return projectFields(Object.fromEntries(wanted), schemas, { at: "The input", undeclared: "drop" });
}

function read(value: unknown, type: ValueType | undefined): unknown {
  if (type?.type === "number" && typeof value === "string" && /^[-+]?\d+(?:\.\d+)?$/.test(value)) return Number(value);
  if (type?.type === "boolean" && (value === "true" || value === "false")) return value === "true";
  if (type?.type === "string" && typeof value === "number") return String(value);
  return value;
}
