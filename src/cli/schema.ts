import { didYouMean } from "../language/suggest.ts";
import { PROCEDURE_SCHEMA } from "../procedure/schema.ts";
import type { Arguments } from "./arguments.ts";
import { EXIT, type Exit, UsageError, type World } from "./world.ts";

/** Schemas by the kind of file. */
const SCHEMAS: Readonly<Record<string, unknown>> = { procedure: PROCEDURE_SCHEMA };

/** `frontdesk schema`: prints the JSON Schema of a kind of file, for editors. */
export async function schemaCommand(args: Arguments, { out }: World): Promise<Exit> {
  const [kind = "procedure", ...more] = args.positionals;
  if (!Object.hasOwn(SCHEMAS, kind) || more.length > 0)
    throw new UsageError(`There is no schema ${kind}${didYouMean(kind, Object.keys(SCHEMAS))}.`);
  out.write(`${JSON.stringify(SCHEMAS[kind], null, 2)}\n`);
  return EXIT.ok;
}
