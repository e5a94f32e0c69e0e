/** Resolves secrets, which files write only as `env:NAME` or `file:/path`. */
import { own } from "./own.ts";
import { hideSecret } from "./redact.ts";
import { fail, ok, type Result } from "./result.ts";
import { readSecretFile, SecretFileFault } from "./secret-file.ts";
import { withholdReason } from "./withheld-secret.ts";

/** A secret that is missing or withheld. Never holds a value. */
export interface SecretFault {
  /** The path in the entry: "auth_token", "imap.url"; "" for the entry itself. */
  at: string;
  /** As written: "env:TWILIO_AUTH_TOKEN". */
  ref: string;
  /** The problem and its fix, worded to follow `ref`. */
  problem: string;
}

export interface SecretSources {
  env: Readonly<Record<string, string | undefined>>;
  /** Returns a file's text; throws when it can't be read. Default: from disk. */
  readFile?: (path: string) => string;
}

/** Resolves the secrets in a copy of a value read from YAML, or returns all missing ones. Logs hide them from now on. */
export function resolveSecrets(entry: unknown, sources: SecretSources): Result<unknown, SecretFault[]> {
  const faults: SecretFault[] = [];
  const value = resolveValue(entry, { at: "", sources, faults });
  return faults.length === 0 ? ok(value) : fail(faults);
}

interface Context {
  at: string;
  sources: SecretSources;
  faults: SecretFault[];
}

function resolveValue(value: unknown, place: Context): unknown {
  if (typeof value === "string") return resolveText(value, place);
  if (Array.isArray(value)) return value.map((item, index) => resolveValue(item, nested(place, String(index))));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolveValue(item, nested(place, key))]));
}

const nested = (place: Context, key: string): Context => ({
  ...place,
  at: place.at === "" ? key : `${place.at}.${key}`,
});

function resolveText(text: string, { at, sources, faults }: Context): string {
  const name = /^env:([A-Za-z_][A-Za-z0-9_]*)$/.exec(text)?.[1];
  const path = /^file:(\/\S.*)$/.exec(text)?.[1];
  if (name === undefined && path === undefined) return text;
  const refused = withholdReason(text);
  const [value, problem] =
    refused !== null ? ["", refused] : name === undefined ? fromFile(path ?? "", sources) : fromEnv(name, sources);
  if (value === "") faults.push({ at, ref: text, problem });
  hideSecret(value);
  return value;
}

function fromEnv(name: string, { env }: SecretSources): [string, string] {
  return [own(env, name) ?? "", "is not set; set it in the environment or in .env, and start again"];
}

function fromFile(path: string, { readFile = readSecretFile }: SecretSources): [string, string] {
  try {
    // Editors and `echo` add a final line break that is not part of the secret.
    return [readFile(path).replace(/\r?\n$/, ""), "is empty; write the secret into that file"];
  } catch (error) {
    if (error instanceof SecretFileFault) return ["", error.message];
    const code = error instanceof Error && "code" in error ? String(error.code) : "no code";
    return ["", `can't be read (${code}); create the file and let this user read it`];
  }
}
