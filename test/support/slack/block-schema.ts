/** JSON schemas of Block Kit, generated from Slack's own types; kept on disk, since that takes a second. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import type { BlockKit } from "./block-kit.ts";

const SOURCE = fileURLToPath(new URL("block-kit.ts", import.meta.url));
const CACHE = fileURLToPath(new URL("../../../node_modules/.cache/frontdesk", import.meta.url));
const require = createRequire(import.meta.url);

interface Schema {
  properties: Record<keyof BlockKit, object>;
  definitions: Record<
    string,
    { properties?: { type?: { const?: string } }; anyOf?: { properties?: { type?: { const?: string } } }[] }
  >;
}

export interface Kit {
  /** The validator of a view without its blocks, or of a block by its type; undefined: there is no such block. */
  view(kind: "modal" | "home"): ValidateFunction;
  block(type: string): ValidateFunction | undefined;
}

let kit: Promise<Kit> | undefined;

/** Read once per process; each validator is compiled when it is first needed. */
export const loadKit = (): Promise<Kit> => (kit ??= open());

async function open(): Promise<Kit> {
  const schema = await read();
  const ajv = new Ajv({ strict: false });
  ajv.addSchema(schema, "kit");
  const refs = new Map<string, string>();
  const kinds = (schema.definitions["KnownBlock"] as { anyOf: { $ref: string }[] }).anyOf.map((one) => one.$ref);
  for (const ref of kinds) refs.set(typeOf(schema.definitions[ref.replace("#/definitions/", "")] ?? {}) ?? "", ref);
  const known = (ref: string) => ajv.getSchema(`kit${ref}`);
  return {
    view: (kind) => known(`#/properties/${kind}`) as ValidateFunction,
    block: (type) => (refs.has(type) ? known(refs.get(type) ?? "") : undefined),
  };
}

const typeOf = ({ properties, anyOf }: Schema["definitions"][string]): string | undefined =>
  (properties ?? anyOf?.[0]?.properties)?.type?.const;

async function read(): Promise<Schema> {
  const versions = ["@slack/types", "ts-json-schema-generator"].map((name) => versionOf(name));
  const file = join(CACHE, `block-kit-${versions.join("-")}.json`);
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Schema;
  } catch {
    return write(file, await generate());
  }
}

const versionOf = (name: string): string => (require(`${name}/package.json`) as { version: string }).version;

async function generate(): Promise<Schema> {
  const { createGenerator } = await import("ts-json-schema-generator");
  const config = { path: SOURCE, type: "BlockKit", topRef: false, additionalProperties: false, skipTypeCheck: true };
  return createGenerator(config).createSchema("BlockKit") as unknown as Schema;
}

/** Renamed into place: other test processes may be reading it. */
function write(file: string, schema: Schema): Schema {
  mkdirSync(CACHE, { recursive: true });
  const own = `${file}.${process.pid}`;
  writeFileSync(own, JSON.stringify(schema));
  renameSync(own, file);
  return schema;
}

/** The deepest complaint in words: the branch that came furthest is the one that was meant. */
export function complaint(errors: readonly ErrorObject[] | null | undefined): string {
  const deep = [...(errors ?? [])].sort((a, b) => b.instancePath.length - a.instancePath.length);
  const [first] = deep.filter((one) => one.keyword !== "anyOf" && one.keyword !== "const");
  const one = first ?? deep[0];
  const extra = one?.params["additionalProperty"] as string | undefined;
  return `${one?.message ?? "is invalid"}${extra ? ` ("${extra}")` : ""} [json-pointer:${one?.instancePath ?? ""}]`;
}
