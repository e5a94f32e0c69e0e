/** Builds the HTTP request of an operation. Pure: nothing is sent here. */
import type { HttpManifest, HttpOperation } from "../domain/connector-schema.ts";
import { fail, ok, type Result } from "../lib/result.ts";
import { argumentsOf, type BadCall, type Given } from "./arguments.ts";
import { type Credentials, credentialsOf, resolveEndpoint } from "./credentials.ts";
import type { Secrets } from "./secret.ts";

export interface OperationRequest {
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: string | null;
  credentials: Credentials;
  /** Secrets to remove from every message. */
  secrets: readonly string[];
}

export interface Requested extends Given {
  /** The idempotency key: the same for each attempt of one call. */
  key: string;
  /** True in trials: the call goes to `sandbox_url`, and a write goes nowhere else. */
  sandbox?: boolean | undefined;
  secrets: Secrets;
}

/** Error of a write in a trial of a connector without a sandbox. */
export const NO_SANDBOX = "no_sandbox";

/** Builds the request; a fault is one sentence naming what is missing. */
export function requestFor(
  manifest: HttpManifest,
  operation: HttpOperation,
  given: Requested,
): Result<OperationRequest, BadCall> {
  const args = argumentsOf(operation, given);
  if (!args.ok) return args;
  const base = baseOf(manifest, operation, given);
  if (!base.ok) return base;
  const auth = credentialsOf(manifest.auth, given.secrets);
  if (!auth.ok) return bad(auth.fault);
  const rest = new Map(Object.entries(args.value));
  const path = pathOf(operation.path, rest);
  if (!path.ok) return bad(path.fault);
  const url = new URL(`${base.value.origin}${base.value.pathname.replace(/\/+$/, "")}${path.value}`);
  const headers: Record<string, string> = { accept: "application/json", "user-agent": "frontdesk" };
  if (operation.kind === "write" && operation.idempotencyHeader !== null)
    headers[operation.idempotencyHeader] = given.key;
  if (operation.method === "GET" || operation.method === "DELETE") {
    for (const [name, value] of rest) for (const one of texts(value)) url.searchParams.append(name, one);
    return ok({ url, headers, body: null, ...auth.value });
  }
  headers["content-type"] = "application/json";
  return ok({ url, headers, body: JSON.stringify(Object.fromEntries(rest)), ...auth.value });
}

const bad = (message: string): Result<never, BadCall> => fail({ message, name: "" });

function baseOf(
  { id, baseUrl, sandboxUrl }: HttpManifest,
  { kind }: HttpOperation,
  { sandbox = false, secrets }: Requested,
): Result<URL, BadCall> {
  if (sandbox && sandboxUrl === null && kind === "write") {
    const message = `This is a trial, and ${id} has no sandbox_url, so nothing was changed there.`;
    return fail({ message, name: NO_SANDBOX });
  }
  const url =
    sandbox && sandboxUrl !== null
      ? resolveEndpoint(sandboxUrl, { secrets, name: "sandbox_url" })
      : resolveEndpoint(baseUrl, { secrets, name: "base_url" });
  return url.ok ? url : bad(url.fault);
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
