/** Builds the HTTP request of an operation. Pure: nothing is sent here. */
import type { ConnectorManifest, ConnectorOperation } from "../domain/connector-schema.ts";
import { fail, ok, type Result } from "../lib/result.ts";
import type { Secrets } from "./secret.ts";
import { readInput } from "./typed.ts";

export interface OperationRequest {
  url: URL;
  headers: Record<string, string>;
  body: string | null;
  /** Secrets to remove from every message. */
  secrets: readonly string[];
}

interface Given {
  input: unknown;
  /** The idempotency key: the same for each attempt of one call. */
  key: string;
  secrets: Secrets;
}

/** Builds the request; a fault is one sentence naming what is missing. */
export function requestFor(
  manifest: ConnectorManifest,
  operation: ConnectorOperation,
  given: Given,
): Result<OperationRequest, string> {
  const input = readInput(given.input, operation.input);
  if (!input.ok) return fail(`${input.fault}.`);
  const base = baseOf(manifest, given.secrets);
  if (!base.ok) return base;
  const auth = authOf(manifest, given.secrets);
  if (!auth.ok) return auth;
  const rest = new Map(Object.entries(input.value));
  const path = pathOf(operation.path, rest);
  if (!path.ok) return path;
  const url = new URL(`${base.value.origin}${base.value.pathname.replace(/\/+$/, "")}${path.value}`);
  const headers: Record<string, string> = {
    accept: "application/json",
    "user-agent": "frontdesk",
    ...auth.value.headers,
  };
  if (operation.kind === "write" && operation.idempotencyHeader !== null)
    headers[operation.idempotencyHeader] = given.key;
  const secrets = auth.value.secrets;
  if (operation.method === "GET" || operation.method === "DELETE") {
    for (const [name, value] of rest) for (const one of texts(value)) url.searchParams.append(name, one);
    return ok({ url, headers, body: null, secrets });
  }
  headers["content-type"] = "application/json";
  return ok({ url, headers, body: JSON.stringify(Object.fromEntries(rest)), secrets });
}

function baseOf({ baseUrl }: ConnectorManifest, secrets: Secrets): Result<URL, string> {
  const text = baseUrl.from === "text" ? ok(baseUrl.url) : secrets(baseUrl);
  if (!text.ok) return text;
  if (!URL.canParse(text.value))
    return fail("The connector's base_url is not a URL. Correct it in its manifest or variable.");
  return ok(new URL(text.value));
}

interface Credentials {
  headers: Record<string, string>;
  secrets: readonly string[];
}

function authOf({ auth }: ConnectorManifest, secrets: Secrets): Result<Credentials, string> {
  if (auth.kind === "none") return ok({ headers: {}, secrets: [] });
  const ref = auth.kind === "bearer" ? auth.token : auth.value;
  const secret = secrets(ref);
  if (!secret.ok) return secret;
  const headers =
    auth.kind === "bearer"
      ? { authorization: `Bearer ${secret.value}` }
      : { [auth.header.toLowerCase()]: secret.value };
  return ok({ headers, secrets: [secret.value] });
}

/** Fills `{name}` from the input and removes it there. A value never leaves its path segment. */
function pathOf(template: string, input: Map<string, unknown>): Result<string, string> {
  const used = new Set<string>();
  const faults: string[] = [];
  const path = template.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => {
    used.add(name);
    const [value, ...more] = texts(input.get(name) ?? "");
    if (value === undefined || value === "" || more.length > 0) faults.push(`The path needs one value for ${name}.`);
    return encodeURIComponent((value ?? "").toWellFormed());
  });
  // "." and ".." can't be encoded: URL parsers read "%2e" as a dot and go up.
  if (path.split(/[/?#]/).some((segment) => segment === "." || segment === ".."))
    faults.push("The path may not contain . or .. segments.");
  for (const name of used) input.delete(name);
  const [fault] = faults;
  return fault === undefined ? ok(path) : fail(fault);
}

function texts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(texts);
  if (typeof value === "string") return [value];
  return [JSON.stringify(value)];
}
