import type { Endpoint } from "../domain/connector-schema.ts";
import { type Entry, fault, quoted, readText } from "../language/yaml-entry.ts";

/** Reads an http or https address, or `env:NAME`. */
export function readEndpoint(entry: Entry): Endpoint | null {
  const text = readText(entry);
  if (text === null) return null;
  const name = /^env:([A-Z_][A-Z0-9_]*)$/i.exec(text)?.[1];
  if (name !== undefined) return { from: "env", name };
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:"))
    return fault(entry, "014", `${entry.name}: is an http or https address or env:NAME; this is ${quoted(text)}`);
  if (url.username !== "" || url.password !== "")
    return fault(entry, "201", "this address contains a password; use auth: with env:NAME");
  if (url.search !== "" || url.hash !== "") return fault(entry, "014", `${entry.name}: ends before any ? or #`);
  return { from: "text", url: text.replace(/\/+$/, "") };
}
