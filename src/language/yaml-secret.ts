import type { SecretRef } from "../domain/connector-schema.ts";
import { type Entry, fault, readText } from "./yaml-entry.ts";

/** Reads `env:NAME` or `file:/path`. A secret in plain text is a fault; the message does not repeat it. */
export function readSecret(entry: Entry): SecretRef | null {
  const text = readText(entry);
  if (text === null) return null;
  return (
    secretReference(text) ??
    fault(entry, "201", `${entry.name}: holds a secret, which must not be in this file; write env:NAME or file:/path`)
  );
}

export function secretReference(text: string): SecretRef | null {
  const name = /^env:([A-Za-z_][A-Za-z0-9_]*)$/.exec(text)?.[1];
  if (name !== undefined) return { from: "env", name };
  const path = /^file:(\/\S.*)$/.exec(text)?.[1];
  return path === undefined ? null : { from: "file", path };
}
