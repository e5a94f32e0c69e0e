/** Reads `identity:`: the inputs that only the engine fills, from the contact. */
import type { FieldSchemas, IdentityPaths } from "../domain/connector-schema.ts";
import { didYouMean } from "../language/suggest.ts";
import { type Entry, fault, isName, quoted, readMap, readText } from "../language/yaml-entry.ts";

/** Facts of a contact that identify. Names and languages are what people say of themselves. */
const FIELDS = ["contact.id", "contact.email", "contact.phone"];
const EXAMPLE = "contact.attributes.billing_id";

export function readIdentity(entry: Entry): IdentityPaths | null {
  const paths: [string, string][] = [];
  for (const [name, field] of readMap(entry) ?? []) {
    if (!isName(name)) fault(field, "015", `${quoted(name)} cannot be the name of an input`, "key");
    const path = readPath(field);
    if (path !== null) paths.push([name, path]);
  }
  return Object.fromEntries(paths);
}

function readPath(entry: Entry): string | null {
  const text = readText(entry);
  if (text === null) return null;
  const [, ...path] = text.split(".");
  const attribute = text.startsWith("contact.attributes.") && path.length > 1;
  if (path.every(isName) && (attribute || FIELDS.includes(text))) return path.join(".");
  const known = [...FIELDS, EXAMPLE];
  const message = `identity: takes ${FIELDS.join(", ")} or an attribute, as in ${EXAMPLE}; this is ${quoted(text)}`;
  return fault(entry, "206", message + didYouMean(text, known));
}

/** Checks that no caller can give what the engine fills. */
export function checkIdentity(entry: Entry | undefined, identity: IdentityPaths, input: FieldSchemas): void {
  const fields = entry === undefined ? null : readMap(entry);
  for (const [name, field] of fields ?? []) {
    if (!Object.hasOwn(identity, name) || !Object.hasOwn(input, name)) continue;
    fault(field, "206", `${name} is filled from the contact, so input: may not have it, too; remove it there`, "key");
  }
}
