import type { ConnectorOperation, FieldSchemas, HttpMethod } from "../domain/connector-schema.ts";
import { didYouMean } from "../language/suggest.ts";
import {
  type Entry,
  type Fields,
  fault,
  isName,
  quoted,
  readDuration,
  readFields,
  readMap,
  readNumber,
  readOneOf,
  readText,
} from "../language/yaml-entry.ts";
import { report } from "../language/yaml-file.ts";
import { readSchemas, readType } from "../language/yaml-type.ts";

const METHODS: readonly HttpMethod[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
/** Our choice: a customer waits for the answer. */
const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_TIMEOUT_MS = 120_000;
const DEFAULT_WAIT_MS = 500;
const MAX_RETRIES = 10;

const KEYS = {
  what: "an operation",
  known: ["kind", "description", "request", "input", "returns", "errors", "timeout", "retry", "idempotency"],
  later: ["identity", "cache", "read_back", "confirm", "approval", "once_per", "only_if", "limits"],
  required: ["kind", "request"],
};

export function readOperation(name: string, entry: Entry): ConnectorOperation | null {
  const fields = readFields(entry, KEYS);
  if (fields === null) return null;
  const read = <Value>(key: string, how: (field: Entry) => Value | null): Value | null => {
    const field = fields.get(key);
    return field === undefined ? null : how(field);
  };
  const kind = read("kind", (field) => readOneOf(field, ["read", "write"] as const));
  const request = read("request", readRequest);
  const input = read("input", readSchemas) ?? {};
  const rest = {
    description: read("description", readText) ?? "",
    ...(read("returns", readReturns) ?? { returns: null, returnsName: null }),
    errors: read("errors", readErrors) ?? {},
    timeoutMs: read("timeout", readTimeout) ?? DEFAULT_TIMEOUT_MS,
    retry: read("retry", readRetry),
    idempotencyHeader: read("idempotency", readIdempotency),
  };
  if (request !== null) checkPath(fields, request.path, input);
  if (kind !== null && request !== null) checkKind(fields, { entry, kind, method: request.method });
  return kind === null || request === null ? null : { name, kind, ...request, input, ...rest };
}

function checkKind(fields: Fields, o: { entry: Entry; kind: "read" | "write"; method: HttpMethod }): void {
  const request = fields.get("request") ?? o.entry;
  const idempotency = fields.get("idempotency");
  if (o.kind === "read" && o.method !== "GET" && o.method !== "POST")
    fault(request, "203", `${o.method} changes something, so this is kind: write`);
  if (o.kind === "write" && o.method === "GET") fault(request, "203", "GET changes nothing, so this is kind: read");
  if (o.kind === "read" && idempotency !== undefined)
    fault(idempotency, "203", "only a write carries an idempotency key", "key");
  if (o.kind !== "write" || idempotency !== undefined) return;
  const message =
    "a write without idempotency: is not retried when its answer is lost, and a person has to check; add idempotency: header Idempotency-Key if the system supports it";
  report(o.entry.yaml, { at: o.entry.keyAt, number: "202", severity: "warning", message });
}

/** Reads `GET /path/{param}`. */
function readRequest(entry: Entry): { method: HttpMethod; path: string } | null {
  const text = readText(entry);
  if (text === null) return null;
  const [, word = "", path = ""] = /^(\S+)\s+(\S+)$/.exec(text.trim()) ?? [];
  const method = METHODS.find((known) => known === word);
  if (method === undefined)
    return fault(
      entry,
      "014",
      `request: is a method and a path, as in GET /orders/{id}; this is ${quoted(text)}${didYouMean(word, METHODS)}`,
    );
  if (!isPath(path))
    return fault(entry, "014", `a path begins with one / and holds no ?, #, .. or spaces; this is ${quoted(path)}`);
  return { method, path };
}

function isPath(path: string): boolean {
  const fixed = path.replaceAll(/\{[^{}]*\}/g, "x");
  return /^\/(?!\/)[^\s?#{}\\]*$/.test(fixed) && !fixed.split("/").some((part) => part === ".." || part === ".");
}

/** Checks that every `{name}` of the path is a required input. */
function checkPath(fields: Fields, path: string, input: FieldSchemas): void {
  const request = fields.get("request");
  for (const [, name = ""] of request === undefined ? [] : path.matchAll(/\{([^{}]*)\}/g)) {
    const schema = Object.hasOwn(input, name) ? input[name] : undefined;
    if (schema === undefined)
      fault(
        request as Entry,
        "204",
        `the path needs ${name}, which input: does not have${didYouMean(name, Object.keys(input))}`,
      );
    else if (schema.optional) fault(request as Entry, "204", `the path needs ${name}, so it cannot be optional`);
    else if (schema.value.type === "list" || schema.value.type === "object")
      fault(request as Entry, "204", `${name} is part of the path, so it cannot be a ${schema.value.type}`);
  }
}

/** Reads the fields, or one capitalised name with the fields under it, as in `Subscription: { … }`. */
function readReturns(entry: Entry): Pick<ConnectorOperation, "returns" | "returnsName"> | null {
  const listed = readMap(entry);
  const [name = "", only] = [...(listed ?? [])][0] ?? [];
  const named = listed?.size === 1 && /^[A-Z]/.test(name) && only !== undefined;
  if (listed === null) return null;
  return { returns: readType(named ? only : entry), returnsName: named ? name : null };
}

function readErrors(entry: Entry): Readonly<Record<number, string>> | null {
  const errors: [number, string][] = [];
  for (const [status, field] of readMap(entry) ?? []) {
    const name = readText(field);
    if (!/^[45]\d\d$/.test(status))
      fault(field, "014", `errors: maps statuses from 400 to 599 to names; this is ${quoted(status)}`, "key");
    else if (name !== null && !isName(name))
      fault(field, "015", `an error's name is a word like not_found; this is ${quoted(name)}`);
    else if (name !== null) errors.push([Number(status), name]);
  }
  return Object.fromEntries(errors);
}

function readTimeout(entry: Entry): number | null {
  const ms = readDuration(entry);
  return ms === null || ms <= MAX_TIMEOUT_MS
    ? ms
    : fault(entry, "013", `timeout: is at most ${MAX_TIMEOUT_MS / 1_000}s`);
}

function readRetry(entry: Entry): ConnectorOperation["retry"] {
  const fields = readFields(entry, { what: "retry:", known: ["times", "wait"], required: ["times"] });
  const times = fields?.get("times");
  const wait = fields?.get("wait");
  const count = times === undefined ? null : readNumber(times, { min: 1, max: MAX_RETRIES });
  const waitMs = wait === undefined ? DEFAULT_WAIT_MS : readDuration(wait);
  return count === null || waitMs === null ? null : { times: count, waitMs };
}

/** Reads `header Idempotency-Key`. */
function readIdempotency(entry: Entry): string | null {
  const text = readText(entry);
  const header = text === null ? null : /^header\s+([A-Za-z0-9-]{1,64})$/.exec(text.trim())?.[1];
  if (text === null || typeof header === "string") return header ?? null;
  return fault(
    entry,
    "014",
    `idempotency: names the header of the key, as in header Idempotency-Key; this is ${quoted(text)}`,
  );
}
