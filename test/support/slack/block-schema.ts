/** JSON schemas of Block Kit, generated from Slack's own types by `npm run slack:schema`. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import type { BlockKit } from "./block-kit.ts";

const require = createRequire(import.meta.url);

interface Schema {
  /** Version that it was generated from ("@slack/types 3.2.0"). */
  $comment: string;
  properties: Record<keyof BlockKit, object>;
  definitions: Record<
    string,
    { properties?: { type?: { const?: string } }; anyOf?: { properties?: { type?: { const?: string } } }[] }
  >;
}

export interface Kit {
  /** Returns the validator of a view without its blocks, or of a block by its type; undefined: no such block. */
  view(kind: "modal" | "home"): ValidateFunction;
  block(type: string): ValidateFunction | undefined;
}

let kit: Kit | undefined;

/** Loads the schema once per process; each validator is compiled when it is first needed. */
export const loadKit = (): Kit => (kit ??= open());

function open(): Kit {
  const schema = read();
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

/** Reads the schema. Throws if it was generated from another version than the installed types. */
function read(): Schema {
  const schema = JSON.parse(readFileSync(new URL("block-kit.schema.json", import.meta.url), "utf8")) as Schema;
  const { version } = require("@slack/types/package.json") as { version: string };
  if (schema.$comment === `@slack/types ${version}`) return schema;
  throw new Error(`The schema is of ${schema.$comment}, but ${version} is installed. Run \`npm run slack:schema\`.`);
}

/** Words the deepest error: the branch that matched furthest is the intended one. */
export function describeErrors(errors: readonly ErrorObject[] | null | undefined): string {
  const deep = [...(errors ?? [])].sort((a, b) => b.instancePath.length - a.instancePath.length);
  const [first] = deep.filter((one) => one.keyword !== "anyOf" && one.keyword !== "const");
  const one = first ?? deep[0];
  const extra = one?.params["additionalProperty"] as string | undefined;
  return `${one?.message ?? "is invalid"}${extra ? ` ("${extra}")` : ""} [json-pointer:${one?.instancePath ?? ""}]`;
}
