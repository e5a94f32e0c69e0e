/** The arguments of a call: each from the contact, from the file, or from the model with a known origin. */
import type { FieldSchema, ValueType } from "../../domain/connector-schema.ts";
import { own } from "../../lib/own.ts";
import type { Refusal } from "../command.ts";
import type { UseRule } from "../definition.ts";
import { contactValue } from "../fields.ts";
import type { Operation } from "../run.ts";
import { evaluated, isQuotable, refused, valuesOf, type Work } from "../work.ts";

type Given = Readonly<Record<string, unknown>>;
export type Assembled = { ok: true; args: Given } | { ok: false; refusal: Refusal };

const no = (refusal: Refusal): Assembled => ({ ok: false, refusal });

/** Puts a call's arguments together. What the engine fills in, a model can't give. */
export function assemble(
  work: Work,
  { operation, rule, given }: { operation: Operation; rule: UseRule; given: Given },
): Assembled {
  const args: Record<string, unknown> = {};
  const known = new Set([...Object.keys(operation.input), ...Object.keys(operation.identity)]);
  const strange = Object.keys(given).find((name) => !known.has(name));
  if (strange !== undefined) return no(refused("bad_arguments", `${operation.name} takes no ${strange}.`));
  for (const name of known) {
    const filled = filledIn(work, { operation, rule, name });
    if (filled.kind === "identity" && filled.value === undefined)
      return no(refused("identity", `The contact has no ${operation.identity[name]}, which ${operation.name} needs.`));
    const value = filled.kind === "none" ? own(given, name) : filled.value;
    if (filled.kind !== "none" && Object.hasOwn(given, name) && !isSame(own(given, name), value))
      return no(refused(filled.kind === "identity" ? "identity" : "provenance", `${name} is filled in by the engine.`));
    if (filled.kind === "none" && value !== undefined && !hasOrigin(work, value))
      return no(
        refused("provenance", `${name} has no known origin: no field, answer or words of the customer hold it.`),
      );
    if (value !== undefined && value !== null) args[name] = value;
  }
  const fault = schemaFault(operation, args);
  return fault === null ? { ok: true, args } : no(refused("bad_arguments", fault));
}

type Filled = { kind: "none" } | { kind: "identity" | "file"; value: unknown };

function filledIn(work: Work, o: { operation: Operation; rule: UseRule; name: string }): Filled {
  const path = own(o.operation.identity, o.name);
  if (path !== undefined) return { kind: "identity", value: contactValue(work, path) };
  const expression = own(o.rule.with, o.name);
  return expression === undefined ? { kind: "none" } : { kind: "file", value: evaluated(work, expression) };
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Longest list and deepest nesting of an argument whose origin is checked. */
const MAX_DEPTH = 5;

/** True if every single value occurs in a field, in a connector's answer or in the customer's words. */
function hasOrigin(work: Work, value: unknown, depth = 0): boolean {
  if (depth > MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.every((item) => hasOrigin(work, item, depth + 1));
  if (typeof value === "object" && value !== null)
    return Object.values(value).every((item) => hasOrigin(work, item, depth + 1));
  if (typeof value === "boolean" || value === null) return true;
  if (typeof value !== "string" && typeof value !== "number") return false;
  const { contact: _contact, conversation: _conversation, now: _now, message: _message, ...known } = valuesOf(work);
  return occurs(known, value) || isQuotable(work, String(value));
}

function occurs(within: unknown, value: string | number): boolean {
  if (typeof within === "object" && within !== null) return Object.values(within).some((one) => occurs(one, value));
  return (typeof within === "string" || typeof within === "number") && String(within) === String(value);
}

function schemaFault({ name: operation, input }: Operation, args: Given): string | null {
  for (const [name, schema] of Object.entries(input)) {
    if (!Object.hasOwn(args, name)) {
      if (!schema.optional) return `${operation} needs ${name}, which is not known yet.`;
      continue;
    }
    if (!fits(schema, args[name])) return `${name} of ${operation} has to be ${typeWords(schema.value)}.`;
  }
  return null;
}

function fits({ value: type, optional }: FieldSchema, value: unknown): boolean {
  if (value === undefined || value === null) return optional;
  switch (type.type) {
    case "string":
    case "date":
      return typeof value === "string";
    case "number":
      return typeof value === "number" && Number.isFinite(value);
    case "boolean":
      return typeof value === "boolean";
    case "enum":
      return typeof value === "string" && type.values.includes(value);
    case "list":
      return Array.isArray(value) && value.every((item) => fits({ value: type.of, optional: false }, item));
    case "object":
      return (
        typeof value === "object" &&
        Object.entries(type.fields).every(([name, field]) => fits(field, own(value as Given, name)))
      );
  }
}

function typeWords(type: ValueType): string {
  switch (type.type) {
    case "enum":
      return `one of ${type.values.join(", ")}`;
    case "list":
      return "a list";
    case "object":
      return "a map";
    case "string":
    case "number":
    case "boolean":
    case "date":
      return `a ${type.type}`;
  }
}
