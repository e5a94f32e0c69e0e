/** Reads the rules under `connectors:`, by which the engine lets an operation be called. */
import { isMap } from "yaml";
import type { ConnectorOperation, FieldSchema } from "../domain/connector-schema.ts";
import type { Expression } from "../language/expression.ts";
import { didYouMean } from "../language/suggest.ts";
import {
  type Entry,
  fault,
  readDuration,
  readFields,
  readListOrOne,
  readMap,
  readName,
  readNumber,
  readOneOf,
} from "../language/yaml-entry.ts";
import { own } from "../lib/own.ts";
import { readChecked } from "./checked.ts";
import type { ApprovalRule, UseRule } from "./definition.ts";
import { type ListedOperation, optional } from "./head.ts";
import { APPROVAL_KEYS, RULE_KEYS } from "./keys.ts";
import type { Scope } from "./scope.ts";

/** Our own choice: often enough for corrections, seldom enough to stop a model that calls in a circle. */
const DEFAULT_MAX_CALLS = 10;
const MAX_CALLS = 100;
/** Our own choice: a conversation's pace; older data is read again before it decides about a write. */
const DEFAULT_FRESH_MS = 15 * 60_000;
/** Our own limit: people know no longer chains of approval. */
const MAX_APPROVALS = 5;

/** Reads the rules of all listed operations. */
export function readUses(
  operations: ReadonlyMap<string, ListedOperation>,
  scope: Scope,
): Readonly<Record<string, UseRule>> {
  const rules = [...operations.values()].map((listed) => [listed.name, readUse(listed, scope)] as const);
  return Object.fromEntries(rules);
}

function readUse(listed: ListedOperation, scope: Scope): UseRule {
  const { name, entry, operation } = listed;
  const bare: UseRule = {
    operation: name,
    kind: operation?.kind ?? "write",
    with: {},
    onlyIf: null,
    confirm: false,
    approve: [],
    oncePer: null,
    maxCalls: DEFAULT_MAX_CALLS,
    freshMs: DEFAULT_FRESH_MS,
    position: entry.keyAt,
  };
  if (isMap(entry.node)) return { ...bare, ...readRule(listed, scope) };
  const kind = readOneOf(entry, ["read", "write"]);
  if (kind !== null && operation !== null && operation.kind !== kind)
    fault(entry, "112", `${name} is a ${operation.kind}, not a ${kind}`);
  return bare;
}

function readRule({ entry, operation }: ListedOperation, scope: Scope): Partial<UseRule> {
  const fields = readFields(entry, RULE_KEYS);
  if (fields === null) return {};
  const condition = (key: string, wanted: "bool" | "any"): Expression | null =>
    optional(fields, key, (field) => readChecked(field, { scope, wanted }));
  return {
    with: optional(fields, "with", (field) => readWith(field, operation, scope)) ?? {},
    onlyIf: condition("only_if", "bool"),
    confirm: optional(fields, "confirm", (field) => readOneOf(field, ["customer"])) === "customer",
    approve: optional(fields, "approve", (field) => readApprovals(field, scope)) ?? [],
    oncePer: condition("once_per", "any"),
    maxCalls:
      optional(fields, "max_calls", (field) => readNumber(field, { min: 1, max: MAX_CALLS })) ?? DEFAULT_MAX_CALLS,
    freshMs: optional(fields, "fresh", readDuration) ?? DEFAULT_FRESH_MS,
  };
}

/** Reads `with:`, each input of the operation with the expression that fills it in. */
function readWith(
  entry: Entry,
  operation: ConnectorOperation | null,
  scope: Scope,
): Readonly<Record<string, Expression>> {
  const filled: [string, Expression][] = [];
  for (const [name, field] of readMap(entry) ?? []) {
    const input = operation === null ? undefined : own(operation.input, name);
    if (operation !== null && input === undefined) {
      const meant = didYouMean(name, Object.keys(operation.input));
      fault(field, "111", `${operation.name} has no input "${name}"${meant}`, "key");
      continue;
    }
    const value = readChecked(field, { scope, wanted: "any" });
    if (value === null) continue;
    if (input !== undefined && !fits(value.type, input))
      fault(field, "111", `${name} takes a ${input.value.type}, but this is a ${typeWord(value.type)}`);
    filled.push([name, value]);
  }
  return Object.fromEntries(filled);
}

const CEL_TYPES: Readonly<Record<FieldSchema["value"]["type"], readonly string[]>> = {
  string: ["string"],
  enum: ["string"],
  date: ["string"],
  number: ["double", "int"],
  boolean: ["bool"],
  list: [],
  object: [],
};

/** Tells whether a value of a CEL type can be an input; false only if it is certain. */
function fits(type: string, { value }: FieldSchema): boolean {
  const wanted = CEL_TYPES[value.type];
  const simple = ["string", "double", "int", "bool"].includes(type);
  return !simple || wanted.includes(type);
}

/** A CEL type in the words of connector files. */
export function typeWord(type: string): string {
  if (type === "double" || type === "int") return "number";
  return type === "bool" ? "boolean" : type;
}

function readApprovals(entry: Entry, scope: Scope): readonly ApprovalRule[] {
  const items = readListOrOne(entry) ?? [];
  if (items.length > MAX_APPROVALS) fault(entry, "001", `approve: lists at most ${MAX_APPROVALS} rules`);
  return items.slice(0, MAX_APPROVALS).flatMap((item) => readApproval(item, scope) ?? []);
}

function readApproval(entry: Entry, scope: Scope): ApprovalRule | null {
  const fields = readFields(entry, APPROVAL_KEYS);
  if (fields === null) return null;
  const by = optional(fields, "by", (field) => readName(field, "a queue's id"));
  const within = optional(fields, "within", readDuration);
  const rule = optional(fields, "if", (field) => readChecked(field, { scope, wanted: "bool" }));
  optional(fields, "otherwise", (field) => readOneOf(field, ["handoff"]));
  if (by === null || within === null) return null;
  return { if: rule, queue: by, withinMs: within, position: fields.get("by")?.at ?? entry.at };
}
