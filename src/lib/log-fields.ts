/**
 * Makes the fields of a log line safe to write.
 *
 * 1. A line is bounded: strings, lists, keys, depth, and its total size; every cut is marked.
 * 2. Only listed fields of an error are kept. Drivers and SDKs attach customers' texts, numbers and headers to their
 *    errors (`detail` and `where` of pg, `command.args` of ioredis, `config` of axios).
 */
import { anonymize, redact } from "./redact.ts";

/** Characters of one string; an error's stack may have more. */
const STRING_MAX = 2_000;
const STACK_MAX = 4_000;
/** Characters of a whole line: below the limits of journald (48 kB a line) and of syslog over TCP (8 kB). */
const LINE_MAX = 8_000;
const ITEMS_MAX = 20;
const KEYS_MAX = 40;
const DEPTH_MAX = 5;

/** Keys whose values are secrets. */
const SECRET_KEYS =
  /^(?:.*[_-])?(?:password|passwd|pwd|secret|token|authorization|cookie|set-cookie|headers|api_?key|signature)$|(?:Password|Secret|Token|ApiKey|Signature)$/i;
/** Keys whose values identify a person. */
const PERSON_KEYS: ReadonlySet<string> = new Set([
  "address",
  "thread",
  "from",
  "to",
  "sender",
  "recipient",
  "phone",
  "email",
  "mail",
  "customer",
]);
/** Fields of an error that are kept beside its name, message, stack and cause. */
const ERROR_FIELDS = [
  "code",
  "errno",
  "syscall",
  "status",
  "statusCode",
  "outcome",
  "reason",
  "fault",
  "severity",
  "schema",
  "table",
  "column",
  "constraint",
  "routine",
  "moreInfo",
] as const;

/** Copies the fields of one line, bounded and without secrets and personal data. */
export function logFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const budget = { left: LINE_MAX };
  return copyRecord(fields, { depth: 0, budget });
}

interface At {
  depth: number;
  budget: { left: number };
}

function copyRecord(of: Readonly<Record<string, unknown>>, at: At): Record<string, unknown> {
  const keys = Object.keys(of);
  const kept: [string, unknown][] = keys
    .slice(0, KEYS_MAX)
    .map((key) => [logText(key, 100), copyField(key, of[key], at)]);
  if (keys.length > KEYS_MAX) kept.push(["…", `${keys.length - KEYS_MAX} more keys`]);
  return Object.fromEntries(kept);
}

function copyField(key: string, value: unknown, at: At): unknown {
  if (value === null || value === undefined) return value;
  if (SECRET_KEYS.test(key)) return "[secret]";
  // A conversation's id is a number and identifies nobody.
  if (typeof value === "string" && PERSON_KEYS.has(key)) return spend(anonymize(value), at);
  return copyValue(value, at);
}

function copyValue(value: unknown, at: At): unknown {
  if (at.budget.left <= 0) return "[cut: the line is full]";
  at.budget.left -= 8;
  switch (typeof value) {
    case "string":
      return spend(logText(value, STRING_MAX), at);
    case "number":
    case "boolean":
    case "undefined":
      return value;
    case "bigint":
      return value.toString();
    case "function":
    case "symbol":
      return `[${typeof value}]`;
    case "object":
      return copyObject(value, at);
  }
}

function copyObject(value: object | null, at: At): unknown {
  if (value === null) return null;
  if (at.depth >= DEPTH_MAX) return "[cut: too deep]";
  const within = { ...at, depth: at.depth + 1 };
  if (value instanceof Error) return copyError(value, within);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Map || value instanceof Set) return `[${value.size} entries]`;
  if (!Array.isArray(value)) return copyRecord(value as Record<string, unknown>, within);
  const items = value.slice(0, ITEMS_MAX).map((item) => copyValue(item, within));
  return value.length > ITEMS_MAX ? [...items, `… ${value.length - ITEMS_MAX} more`] : items;
}

function copyError(from: Error, at: At): Record<string, unknown> {
  const fields = from as Error & Record<string, unknown>;
  const kept: Record<string, unknown> = {
    type: from.name,
    message: copyValue(from.message, at),
    stack: spend(logText(frames(from), STACK_MAX), at),
  };
  for (const name of ERROR_FIELDS) {
    const value = fields[name];
    if (typeof value === "string" || typeof value === "number") kept[name] = copyValue(value, at);
  }
  if (from.cause !== undefined) kept["cause"] = copyValue(from.cause, at);
  if (from instanceof AggregateError) kept["errors"] = copyValue(from.errors, at);
  return kept;
}

/** Returns the stack frames without the message, which is logged beside them. */
function frames({ stack = "" }: Error): string {
  const first = stack.search(/^ {4}at /m);
  return first === -1 ? "" : stack.slice(first);
}

/** Returns a string without secrets and personal data, at most `max` characters plus a note of how much was cut. */
export function logText(text: string, max: number = STRING_MAX): string {
  // The margin keeps a number at the cut whole, so that it is recognised and masked.
  const clean = redact(text.length > max + MARGIN ? text.slice(0, max + MARGIN) : text);
  if (clean.length <= max && text.length <= max + MARGIN) return clean;
  return `${clean.slice(0, max).toWellFormed()}… [cut: ${text.length} characters in all]`;
}

/** Longer than any number or address. */
const MARGIN = 400;

function spend(text: string, { budget }: At): string {
  const kept =
    text.length <= budget.left ? text : `${text.slice(0, Math.max(0, budget.left))}… [cut: the line is full]`;
  budget.left -= kept.length;
  return kept;
}
