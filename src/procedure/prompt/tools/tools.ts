/**
 * The tools of a model: the engine's commands, each with the names that the active procedure gives. They depend on the file
 * and its connectors only, so they are the same for every turn of one version.
 */
import type { ToolSpec } from "../../../domain/model.ts";
import type { Procedure } from "../../definition.ts";
import type { Operation } from "../../run.ts";
import { fieldTools } from "./field-tools.ts";
import { FIXED_TOOLS, handoffTool, SELECTION_TOOLS } from "./fixed-tools.ts";
import { handoffTargets } from "./named.ts";
import { placeTools } from "./place-tools.ts";
import { useTools } from "./use-tools.ts";

const cache = new WeakMap<Procedure, readonly ToolSpec[]>();

/** Tools for carrying out a procedure, sorted by name; null: for the choice of one. */
export function toolsOf(procedure: Procedure | null, find: (name: string) => Operation | null): readonly ToolSpec[] {
  if (procedure === null) return SELECTION_TOOLS;
  const before = cache.get(procedure);
  if (before !== undefined) return before;
  const handoff = handoffTool(handoffTargets(procedure));
  const own = [...fieldTools(procedure), ...placeTools(procedure), ...useTools(procedure, find), handoff];
  const tools = [...FIXED_TOOLS, ...own].toSorted((one, other) => (one.name < other.name ? -1 : 1));
  cache.set(procedure, tools);
  return tools;
}
