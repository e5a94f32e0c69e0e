/** Reads one file of `connectors/`: the operations of an outside system. Pure; secrets are only named. */
import {
  type ConnectorAuth,
  type ConnectorManifest,
  type ConnectorOperation,
  secretName,
  secretsOf,
} from "../domain/connector-schema.ts";
import { type Diagnostic, inFileOrder, type Position } from "../language/diagnostic.ts";
import {
  type Entry,
  type Fields,
  fault,
  isName,
  quoted,
  readFields,
  readMap,
  readName,
  readText,
  rootEntry,
} from "../language/yaml-entry.ts";
import { openYaml } from "../language/yaml-file.ts";
import { readSecret } from "../language/yaml-secret.ts";
import { readOperation } from "./manifest-operation.ts";

export interface ParsedManifest {
  /** null when the file has an error. */
  manifest: ConnectorManifest | null;
  diagnostics: readonly Diagnostic[];
  /** Position of its id. */
  idAt: Position;
  /** The secrets that it names ("env:NAME"), with their positions. */
  secrets: readonly { name: string; at: Position }[];
}

const KEYS = {
  what: "a connector",
  known: ["id", "description", "base_url", "auth", "operations"],
  later: ["kind", "sandbox_url", "openapi", "mcp", "module", "command", "url", "tools"],
  required: ["id", "base_url", "operations"],
};
const LATER_AUTH = ["basic", "oauth2", "hmac"] as const;
/** RFC 9110, token. */
const HEADER = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/;

/** Reads a manifest. Total: any text yields a manifest or diagnostics, all at once. */
export function parseManifest(source: string, file: string): ParsedManifest {
  const { yaml, root } = openYaml(source, { file, letter: "C" });
  const manifest = root === null ? null : readManifest(rootEntry(yaml, root), file);
  const faulty = yaml.diagnostics.some(({ severity }) => severity === "error");
  const placeOf = (path: string): Position => yaml.places.get(path)?.value ?? { line: 1, column: 1 };
  const named = manifest === null ? [] : secretsOf(manifest);
  return {
    manifest: faulty ? null : manifest,
    diagnostics: yaml.diagnostics.toSorted(inFileOrder),
    idAt: placeOf("id"),
    secrets: named.map(({ at, ref }) => ({ name: secretName(ref), at: placeOf(at) })),
  };
}

function readManifest(entry: Entry, file: string): ConnectorManifest | null {
  const fields = readFields(entry, KEYS);
  if (fields === null) return null;
  const auth = fields.get("auth");
  const manifest = {
    id: read(fields, "id", (field) => readName(field, "an id")),
    description: read(fields, "description", readText) ?? "",
    baseUrl: read(fields, "base_url", readBaseUrl),
    auth: auth === undefined ? ({ kind: "none" } as const) : readAuth(auth),
    operations: read(fields, "operations", readOperations),
  };
  const { id, baseUrl, operations } = manifest;
  if (id === null || baseUrl === null || operations === null || manifest.auth === null) return null;
  return { ...manifest, id, baseUrl, operations, auth: manifest.auth, file };
}

function read<Value>(fields: Fields, key: string, how: (entry: Entry) => Value | null): Value | null {
  const entry = fields.get(key);
  return entry === undefined ? null : how(entry);
}

function readBaseUrl(entry: Entry): ConnectorManifest["baseUrl"] | null {
  const text = readText(entry);
  if (text === null) return null;
  const name = /^env:([A-Z_][A-Z0-9_]*)$/i.exec(text)?.[1];
  if (name !== undefined) return { from: "env", name };
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    return fault(entry, "014", `base_url: is an http or https address or env:NAME; this is ${quoted(text)}`);
  }
  if (url.username !== "" || url.password !== "")
    return fault(entry, "201", "this address contains a password; use auth: with env:NAME");
  if (url.search !== "" || url.hash !== "") return fault(entry, "014", "base_url: ends before any ? or #");
  return { from: "text", url: text.replace(/\/+$/, "") };
}

function readAuth(entry: Entry): ConnectorAuth | null {
  const fields = readFields(entry, { what: "auth:", known: ["bearer", "api_key"], later: LATER_AUTH });
  if (fields === null) return null;
  const bearer = fields.get("bearer");
  const key = fields.get("api_key");
  if (bearer !== undefined && key !== undefined)
    return fault(key, "016", "auth: is one of bearer: and api_key:", "key");
  if (key !== undefined) return readApiKey(key);
  const token = bearer === undefined ? null : readSecret(bearer);
  if (bearer === undefined && fields.size === 0) return fault(entry, "006", "auth: needs bearer: or api_key:");
  return token === null ? null : { kind: "bearer", token };
}

function readApiKey(entry: Entry): ConnectorAuth | null {
  const fields = readFields(entry, { what: "api_key:", known: ["header", "value"], required: ["header", "value"] });
  if (fields === null) return null;
  const header = read(fields, "header", readHeader);
  const value = read(fields, "value", readSecret);
  return header === null || value === null ? null : { kind: "api_key", header, value };
}

function readHeader(entry: Entry): string | null {
  const text = readText(entry);
  if (text === null || HEADER.test(text)) return text;
  return fault(entry, "014", `${quoted(text)} is not an HTTP header name`);
}

function readOperations(entry: Entry): Readonly<Record<string, ConnectorOperation>> | null {
  const listed = readMap(entry);
  if (listed === null) return null;
  if (listed.size === 0) return fault(entry, "006", "operations: names at least one operation");
  const operations: [string, ConnectorOperation][] = [];
  for (const [name, field] of listed) {
    if (!isName(name))
      fault(field, "015", `an operation's name is a word of letters, digits, - and _; this is ${quoted(name)}`, "key");
    const operation = readOperation(name, field);
    if (operation !== null) operations.push([name, operation]);
  }
  return Object.fromEntries(operations);
}
