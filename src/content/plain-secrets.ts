import { isMap, isScalar, isSeq } from "yaml";
import { type Entry, fault, readList, readMap } from "../language/yaml-entry.ts";
import { secretReference } from "../language/yaml-secret.ts";
import { refuseWithheld } from "./settings-secrets.ts";

/** Keys that hold a secret for any adapter: `auth_token`, `signing_secret`, `password`, `api_key`. */
const SECRET_KEY = /(^|_)(token|secret|password|passwd|pass|api_key|apikey|private_key|credential|credentials)$/i;

/**
 * Reports plain secrets and references to withheld ones, at any depth of a channel's entry. The message never contains
 * the secret.
 */
export function refuseSecrets(entry: Entry): void {
  if (isMap(entry.node))
    for (const field of (readMap(entry) ?? new Map<string, Entry>()).values()) refuseSecrets(field);
  if (isSeq(entry.node)) for (const item of readList(entry) ?? []) refuseSecrets(item);
  if (!isScalar(entry.node) || entry.node.value === null) return;
  const { value } = entry.node;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (secretReference(text) !== null) {
    refuseWithheld(entry, text);
    return;
  }
  const holds = SECRET_KEY.test(entry.name)
    ? `${entry.name}: holds a secret`
    : holdsLogin(text)
      ? `${entry.name}: holds a password`
      : null;
  if (holds !== null) fault(entry, "201", `${holds}, which must not be in this file; write env:NAME or file:/path`);
}

function holdsLogin(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/\s@]*:[^/\s@]+@/i.test(text);
}
