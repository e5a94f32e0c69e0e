/** Reads `secrets:` of `frontdesk.yaml`: which variables and files each connector may use. */
import type { Position } from "../language/diagnostic.ts";
import { type Entry, fault, isName, quoted, readListOrOne, readMap, readText } from "../language/yaml-entry.ts";
import { secretReference } from "../language/yaml-secret.ts";
import { withholdReason } from "../lib/withheld-secret.ts";

/** What one connector may use. */
export interface AllowedSecrets {
  /** As written, each exactly one variable or file: "env:NAME", "file:/path". */
  names: readonly string[];
  /** Where the connector's id stands. */
  position: Position;
}

export type AllowedByConnector = Readonly<Record<string, AllowedSecrets>>;

/** What the settings list for a connector. */
export function allowedSecrets({ secrets }: { secrets: AllowedByConnector }, connector: string): readonly string[] {
  return Object.hasOwn(secrets, connector) ? (secrets[connector]?.names ?? []) : [];
}

/** Reads the lists. */
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
  // What stands here in any other form may be a secret written in plain, so it is not repeated.
  if (secretReference(text) === null)
    return fault(entry, "201", "secrets: names variables and files, never a value; write env:NAME or file:/path");
  return refuseWithheld(entry, text) ? null : text;
}

/** Refuses a reference that nobody gets, and says whether it did. */
export function refuseWithheld(entry: Entry, name: string): boolean {
  const reason = withholdReason(name);
  if (reason !== null) fault(entry, "202", `${name} ${reason}`);
  return reason !== null;
}
