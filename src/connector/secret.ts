import { readFileSync } from "node:fs";
import type { SecretRef } from "../domain/connector-schema.ts";

/** Looks a secret up where it is kept; null: it is not there. */
export type Secrets = (ref: SecretRef) => string | null;

/** Secrets from the environment handed in, and from files, whose last line break is not part of the secret. */
export function secretsFrom(environment: Readonly<Record<string, string | undefined>>): Secrets {
  return (ref) => {
    const value = ref.from === "env" ? environment[ref.name] : fileText(ref.path);
    return value === undefined || value === null || value === "" ? null : value;
  };
}

function fileText(path: string): string | null {
  try {
    return readFileSync(path, "utf8").replace(/\r?\n$/, "");
  } catch {
    // Whoever asks says which secret is missing; the reason may hold more than should be shown.
    return null;
  }
}

/** How a manifest names a secret, for messages. */
export const secretName = (ref: SecretRef): string => (ref.from === "env" ? `env:${ref.name}` : `file:${ref.path}`);
