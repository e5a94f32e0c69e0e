/** Reads one file of `connectors/`: the operations of an outside system. Pure; secrets are only named. */
import {
  type ConnectorManifest,
  type HttpManifest,
  type ModuleManifest,
  secretName,
  secretsOf,
} from "../domain/connector-schema.ts";
import { type Diagnostic, inFileOrder, type Position } from "../language/diagnostic.ts";
import {
  type Entry,
  type Fields,
  readFields,
  readMap,
  readName,
  readOneOf,
  readText,
  rootEntry,
} from "../language/yaml-entry.ts";
import { openYaml } from "../language/yaml-file.ts";
import { readAuth } from "./manifest-auth.ts";
import { readEndpoint } from "./manifest-endpoint.ts";
import { readHttpOperation } from "./manifest-http.ts";
import { readModuleOperation, readModulePath, readModuleSecrets } from "./manifest-module.ts";
import { readField } from "./manifest-operation.ts";
import { readOperations } from "./manifest-operations.ts";

export interface ParsedManifest {
  /** null when the file has an error. */
  manifest: ConnectorManifest | null;
  diagnostics: readonly Diagnostic[];
  /** Position of its id. */
  idAt: Position;
  /** The secrets that it names ("env:NAME"), with their positions. */
  secrets: readonly { name: string; at: Position }[];
}

const COMMON_KEYS = ["id", "description", "kind", "operations"];
const HTTP_KEYS = {
  what: "a connector",
  known: [...COMMON_KEYS, "base_url", "sandbox_url", "auth"],
  later: ["openapi", "mcp", "command", "url", "tools"],
  required: ["id", "base_url", "operations"],
};
const MODULE_KEYS = {
  what: "a connector of kind: module",
  known: [...COMMON_KEYS, "module", "secrets"],
  required: ["id", "module", "operations"],
};
const LATER_KINDS = ["mcp"];

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
  const kind = readMap(entry)?.get("kind");
  switch (kind === undefined ? "http" : readOneOf(kind, ["http", "module"] as const, LATER_KINDS)) {
    case "http":
      return readHttp(entry, file);
    case "module":
      return readModule(entry, file);
    case null:
      return null;
  }
}

function readHttp(entry: Entry, file: string): HttpManifest | null {
  const fields = readFields(entry, HTTP_KEYS);
  if (fields === null) return null;
  const auth = fields.get("auth");
  const about = readAbout(fields, file);
  const own = {
    baseUrl: readField(fields, "base_url", readEndpoint),
    sandboxUrl: readField(fields, "sandbox_url", readEndpoint),
    auth: auth === undefined ? ({ kind: "none" } as const) : readAuth(auth),
  };
  const operations = readField(fields, "operations", (field) => readOperations(field, readHttpOperation));
  const { baseUrl } = own;
  if (about === null || baseUrl === null || operations === null || own.auth === null) return null;
  return { kind: "http", ...about, ...own, baseUrl, auth: own.auth, operations };
}

function readModule(entry: Entry, file: string): ModuleManifest | null {
  const fields = readFields(entry, MODULE_KEYS);
  if (fields === null) return null;
  const about = readAbout(fields, file);
  const module = readField(fields, "module", readModulePath);
  const secrets = readField(fields, "secrets", readModuleSecrets) ?? {};
  const operations = readField(fields, "operations", (field) => readOperations(field, readModuleOperation));
  if (about === null || module === null || operations === null) return null;
  return { kind: "module", ...about, module, secrets, operations };
}

function readAbout(fields: Fields, file: string): Pick<ConnectorManifest, "id" | "description" | "file"> | null {
  const id = readField(fields, "id", (field) => readName(field, "an id"));
  const description = readField(fields, "description", readText) ?? "";
  return id === null ? null : { id, description, file };
}
