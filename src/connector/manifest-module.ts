/** Reads what only connectors of `kind: module` have. */
import type { ModuleManifest, ModuleOperation } from "../domain/connector-schema.ts";
import { type Entry, fault, quoted, readFields, readList, readMap, readText } from "../language/yaml-entry.ts";
import { readSecret } from "../language/yaml-secret.ts";
import type { ReadOperation } from "./manifest-http.ts";
import {
  OPERATION_KEYS,
  PROCEDURE_KEYS,
  readCommon,
  readErrorName,
  readField,
  warnOfUnkeyed,
} from "./manifest-operation.ts";

const KEYS = { what: "an operation", known: OPERATION_KEYS, later: PROCEDURE_KEYS, required: ["kind"] };

/** Reads `./connectors/rates.mjs`: a file right in that folder, so that no path leads out of it. */
export function readModulePath(entry: Entry): string | null {
  const text = readText(entry);
  if (text === null) return null;
  const path = /^(?:\.\/)?(connectors\/[A-Za-z0-9_-][A-Za-z0-9._-]*\.mjs)$/.exec(text)?.[1];
  if (path !== undefined) return path;
  const message = `module: is a file right in the folder connectors, as in ./connectors/rates.mjs; this is ${quoted(text)}`;
  return fault(entry, "209", message);
}

/** Reads the secrets that the functions are given. */
export function readModuleSecrets(entry: Entry): ModuleManifest["secrets"] {
  const secrets = [...(readMap(entry) ?? [])].flatMap(([name, field]) => {
    const ref = readSecret(field);
    return ref === null ? [] : [[name, ref] as const];
  });
  return Object.fromEntries(secrets);
}

export function readModuleOperation(
  name: string,
  entry: Entry,
): ReadOperation<Omit<ModuleOperation, "readBack">> | null {
  const fields = readFields(entry, KEYS);
  if (fields === null) return null;
  const common = readCommon(name, fields);
  const errors = readField(fields, "errors", readCodes) ?? [];
  const keyed = readField(fields, "idempotency", readKeyed) !== null;
  if (common === null) return null;
  if (common.kind === "write") warnOfUnkeyed(entry, { fields, advice: UNKEYED });
  return { operation: { ...common, errors, repeatable: common.kind === "read" || keyed }, fields };
}

const UNKEYED = "idempotency: key if the function makes no change twice for one key";

const readCodes = (entry: Entry): readonly string[] =>
  (readList(entry) ?? []).flatMap((item) => readErrorName(item) ?? []);

/** Reads `idempotency: key`. */
function readKeyed(entry: Entry): string | null {
  const text = readText(entry);
  if (text === null || text === "key") return text;
  return fault(entry, "014", `idempotency: is key, which the function is given; this is ${quoted(text)}`);
}
