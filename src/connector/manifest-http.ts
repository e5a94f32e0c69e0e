/** Reads an operation of an HTTP connector. */
import type { FieldSchemas, HttpMethod, HttpOperation, IdentityPaths } from "../domain/connector-schema.ts";
import { didYouMean } from "../language/suggest.ts";
import { type Entry, type Fields, fault, quoted, readFields, readMap, readText } from "../language/yaml-entry.ts";
import {
  OPERATION_KEYS,
  PROCEDURE_KEYS,
  readCommon,
  readErrorName,
  readField,
  warnOfUnkeyed,
} from "./manifest-operation.ts";

const METHODS: readonly HttpMethod[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

const KEYS = {
  what: "an operation",
  known: [...OPERATION_KEYS, "request"],
  later: PROCEDURE_KEYS,
  required: ["kind", "request"],
};

/** An operation with the entries that it was read from. */
export interface ReadOperation<Operation> {
  operation: Operation;
  fields: Fields;
}

export function readHttpOperation(name: string, entry: Entry): ReadOperation<Omit<HttpOperation, "readBack">> | null {
  const fields = readFields(entry, KEYS);
  if (fields === null) return null;
  const request = readField(fields, "request", readRequest);
  const common = readCommon(name, fields);
  const errors = readField(fields, "errors", readErrors) ?? {};
  const idempotencyHeader = readField(fields, "idempotency", readIdempotency);
  if (common === null || request === null) return null;
  checkPath(fields, request.path, common);
  checkMethod(fields.get("request") ?? entry, common.kind, request.method);
  if (common.kind === "write") warnOfUnkeyed(entry, { fields, advice: UNKEYED });
  const repeatable = common.kind === "read" || idempotencyHeader !== null;
  return { operation: { ...common, ...request, errors, idempotencyHeader, repeatable }, fields };
}

const UNKEYED = "idempotency: header Idempotency-Key if the system supports it";

function checkMethod(request: Entry, kind: "read" | "write", method: HttpMethod): void {
  if (kind === "read" && method !== "GET" && method !== "POST")
    fault(request, "203", `${method} changes something, so this is kind: write`);
  if (kind === "write" && method === "GET") fault(request, "203", "GET changes nothing, so this is kind: read");
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

/** Checks that every `{name}` of the path is a required input, or is filled from the contact. */
function checkPath(
  fields: Fields,
  path: string,
  { input, identity }: { input: FieldSchemas; identity: IdentityPaths },
): void {
  const request = fields.get("request");
  if (request === undefined) return;
  for (const [, name = ""] of path.matchAll(/\{([^{}]*)\}/g)) {
    if (Object.hasOwn(identity, name)) continue;
    const schema = Object.hasOwn(input, name) ? input[name] : undefined;
    const known = [...Object.keys(input), ...Object.keys(identity)];
    if (schema === undefined)
      fault(request, "204", `the path needs ${name}, which input: does not have${didYouMean(name, known)}`);
    else if (schema.optional) fault(request, "204", `the path needs ${name}, so it cannot be optional`);
    else if (schema.value.type === "list" || schema.value.type === "object")
      fault(request, "204", `${name} is part of the path, so it cannot be a ${schema.value.type}`);
  }
}

function readErrors(entry: Entry): Readonly<Record<number, string>> | null {
  const errors: [number, string][] = [];
  for (const [status, field] of readMap(entry) ?? []) {
    const name = readErrorName(field);
    if (!/^[45]\d\d$/.test(status))
      fault(field, "014", `errors: maps statuses from 400 to 599 to names; this is ${quoted(status)}`, "key");
    else if (name !== null) errors.push([Number(status), name]);
  }
  return Object.fromEntries(errors);
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
