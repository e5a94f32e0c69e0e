import type { IdentityPaths } from "./connector-schema.ts";
import type { Contact } from "./contact.ts";

/**
 * Values that the engine fills into a call, from the contact. What the contact does not have is left out; the call then
 * fails before anything leaves.
 */
export function identityOf(contact: Contact, paths: IdentityPaths): Record<string, string> {
  const found = Object.entries(paths).flatMap(([name, path]): [string, string][] => {
    const value = textOf(path.split(".").reduce<unknown>(fieldOf, contact));
    return value === "" ? [] : [[name, value]];
  });
  return Object.fromEntries(found);
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

/** 0 is the id of nobody. */
const textOf = (value: unknown): string =>
  typeof value === "string" ? value : typeof value === "number" && value !== 0 ? String(value) : "";
