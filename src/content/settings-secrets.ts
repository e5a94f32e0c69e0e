/** Reads `secrets:` of `frontdesk.yaml`: the variables and files that each connector may use. */
import type { Position } from "../language/diagnostic.ts";
import { type Entry, fault, isName, quoted, readListOrOne, readMap, readText } from "../language/yaml-entry.ts";
import { secretReference } from "../language/yaml-secret.ts";
import { withholdReason } from "../lib/withheld-secret.ts";

/** The secrets that one connector may use. */
export interface AllowedSecrets {
  /** References as written, each one variable or file: "env:NAME", "file:/path". */
  names: readonly string[];
  /** Position of the connector's id. */
  position: Position;
}

export type AllowedByConnector = Readonly<Record<string, AllowedSecrets>>;

/** Returns the secrets listed for a connector. */
export function allowedSecrets({ secrets }: { secrets: AllowedByConnector }, connector: string): readonly string[] {
  return Object.hasOwn(secrets, connector) ? (secrets[connector]?.names ?? []) : [];
}

/** Reads the list of each connector. */
export function readAllowedSecrets(entry: Entry): AllowedByConnector | null {
  const listed = readMap(entry);
  if (listed === null) return null;
  const lists: [string, AllowedSecrets][] = [];
  for (const [connector, field] of listed) {
    if (!isName(connector)) fault(field, "015", `secrets: lists connectors by id; this is ${quoted(connector)}`, "key");
    const names = (readListOrOne(field) ?? []).flatMap((item) => readAllowed(item) ?? []);
    lists.push([connector, { names, position: field.keyAt }]);
  }
  return Object.fromEntries(lists);
}

function readAllowed(entry: Entry): string | null {
  const text = readText(entry);
  if (text === null) return null;
  // Any other text may be a plain secret, so the message does not repeat it.
  if (secretReference(text) === null)
    return fault(entry, "201", "secrets: lists variables and files, never a value; write env:NAME or file:/path");
  return refuseWithheld(entry, text) ? null : text;
}

/** Reports a reference that is withheld; true when it did. */
export function refuseWithheld(entry: Entry, name: string): boolean {
  const reason = withholdReason(name);
  if (reason !== null) fault(entry, "202", `${name} ${reason}`);
  return reason !== null;
}
