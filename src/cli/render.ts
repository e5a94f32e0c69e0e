import { readContent } from "../content/read.ts";
import { didYouMean } from "../language/suggest.ts";
import { renderProcedure } from "../procedure/render.ts";
import { renderWorkflow } from "../workflow/render.ts";
import type { Arguments } from "./arguments.ts";
import { configurationOf } from "./configuration.ts";
import { compileTexts } from "./content-check.ts";
import { EXIT, type Exit, UsageError, type World } from "./world.ts";

/** `frontdesk render`: prints a procedure or a workflow as a Mermaid diagram. */
export async function renderCommand(args: Arguments, world: World): Promise<Exit> {
  const [id, ...more] = args.positionals;
  if (id === undefined || more.length > 0) throw new UsageError("Name one procedure or workflow by its id.");
  const { config } = configurationOf(args, world);
  const read = await readContent(config.home);
  const { content } = await compileTexts(read.files, world.adapters);
  if (content === null) throw new UsageError(`The files in ${config.home} have faults; see frontdesk check.`);
  const procedure = content.procedures.find((one) => one.id === id);
  const workflow = content.workflows.find((one) => one.id === id);
  if (procedure !== undefined) world.out.write(renderProcedure(procedure));
  else if (workflow !== undefined) world.out.write(renderWorkflow(workflow));
  else {
    const known = [...content.procedures, ...content.workflows].map((one) => one.id);
    throw new UsageError(`There is no procedure or workflow ${id}${didYouMean(id, known)}.`);
  }
  return EXIT.ok;
}
