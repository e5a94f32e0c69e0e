/** Reads what operations of every kind of connector have. */
import type { ConnectorOperation, ValueType } from "../domain/connector-schema.ts";
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
import { readTexts } from "../language/yaml-language.ts";
import { readSchemas, readType } from "../language/yaml-type.ts";
import { checkIdentity, readIdentity } from "./manifest-identity.ts";

/** Our choice: a customer waits for the answer. */
const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_TIMEOUT_MS = 120_000;
const DEFAULT_WAIT_MS = 500;
const MAX_RETRIES = 10;
/** Our choice: an older answer is no longer the state of things. */
const MAX_CACHE_MS = 3_600_000;

/** Keys of every operation. */
export const OPERATION_KEYS = [
  "kind",
  "description",
  "input",
  "identity",
  "returns",
  "errors",
  "timeout",
  "retry",
  "idempotency",
  "cache",
  "confirm",
  "read_back",
] as const;

/** Keys that a procedure has for an operation, and a manifest does not. */
export const PROCEDURE_KEYS = ["approval", "once_per", "only_if", "limits"];

export type CommonOperation = Omit<ConnectorOperation, "repeatable" | "readBack">;

/** Reads the common keys. `kind` is null, as the whole is then, where the file does not say. */
export function readCommon(name: string, fields: Fields): CommonOperation | null {
  const kind = readField(fields, "kind", (field) => readOneOf(field, ["read", "write"] as const));
  const returns = readField(fields, "returns", readReturns);
  const common = {
    name,
    description: readField(fields, "description", readText) ?? "",
    input: readField(fields, "input", readSchemas) ?? {},
    identity: readField(fields, "identity", readIdentity) ?? {},
    returns: returns?.type ?? null,
    returnsName: returns?.name ?? null,
    timeoutMs: readField(fields, "timeout", readTimeout) ?? DEFAULT_TIMEOUT_MS,
    retry: readField(fields, "retry", readRetry),
    cacheMs: readField(fields, "cache", readCache),
    confirm: readField(fields, "confirm", readConfirm),
  };
  checkIdentity(fields.get("identity"), common.identity, common.input);
  if (kind === null) return null;
  checkKind(fields, kind);
  return { ...common, kind };
}

export function readField<Value>(fields: Fields, key: string, how: (entry: Entry) => Value | null): Value | null {
  const entry = fields.get(key);
  return entry === undefined ? null : how(entry);
}

/** Refuses keys that only the other kind may have. */
function checkKind(fields: Fields, kind: "read" | "write"): void {
  const refuse = (key: string, why: string): void => {
    const field = fields.get(key);
    if (field !== undefined) fault(field, "203", why, "key");
  };
  if (kind === "write") return refuse("cache", "only the answer of a read is kept for the next call");
  refuse("idempotency", "only a write carries an idempotency key");
  refuse("confirm", "a read changes nothing, so nobody is asked before it");
  refuse("read_back", "a read is just made again; only a write is read back");
}

/** Warns of a write after whose lost answer nobody but a person can find out what came of it. */
export function warnOfUnkeyed(entry: Entry, { fields, advice }: { fields: Fields; advice: string }): void {
  if (fields.has("idempotency") || fields.has("read_back")) return;
  const message = `a write without idempotency: is not retried when its answer is lost, and a person has to check; add ${advice}`;
  report(entry.yaml, { at: entry.keyAt, number: "202", severity: "warning", message });
}

/** Reads the fields, or one capitalised name with the fields under it, as in `Subscription: { … }`. */
function readReturns(entry: Entry): { type: ValueType | null; name: string | null } | null {
  const listed = readMap(entry);
  const [name = "", only] = [...(listed ?? [])][0] ?? [];
  if (listed === null) return null;
  if (listed.size === 1 && /^[A-Z][A-Za-z0-9]*$/.test(name) && only !== undefined)
    return { type: readType(only), name };
  return { type: readType(entry), name: null };
}

function readTimeout(entry: Entry): number | null {
  const ms = readDuration(entry);
  if (ms === null || ms <= MAX_TIMEOUT_MS) return ms;
  return fault(entry, "013", `timeout: is at most ${MAX_TIMEOUT_MS / 1_000}s`);
}

function readCache(entry: Entry): number | null {
  const ms = readDuration(entry);
  if (ms === null || ms <= MAX_CACHE_MS) return ms;
  return fault(entry, "013", `cache: is at most ${MAX_CACHE_MS / 60_000}m`);
}

function readRetry(entry: Entry): ConnectorOperation["retry"] {
  const fields = readFields(entry, { what: "retry:", known: ["times", "wait"], required: ["times"] });
  const times = fields?.get("times");
  const wait = fields?.get("wait");
  const count = times === undefined ? null : readNumber(times, { min: 1, max: MAX_RETRIES });
  const waitMs = wait === undefined ? DEFAULT_WAIT_MS : readDuration(wait);
  return count === null || waitMs === null ? null : { times: count, waitMs };
}

/** Reads Liquid texts. They are kept as they stand: what they may refer to is known to the procedure that asks. */
function readConfirm(entry: Entry): ConnectorOperation["confirm"] {
  const texts = readTexts(entry);
  if (texts === null) return null;
  return Object.fromEntries(Object.entries(texts).map(([language, { source }]) => [language, source]));
}

/** Reads an error's name. */
export function readErrorName(entry: Entry): string | null {
  const name = readText(entry);
  if (name === null || isName(name)) return name;
  return fault(entry, "015", `an error's name is a word like not_found; this is ${quoted(name)}`);
}
