/** Workflows that call one another. */
import type { Workflow } from "./definition.ts";
import type { World } from "./lint-subject.ts";
import { rootOf } from "./setting.ts";
import { stepPositions } from "./step-positions.ts";
import { definitionOf } from "./steps/step-kinds.ts";

/** The ids of the workflows that a workflow calls. */
export function callsOf(workflow: Workflow | undefined): readonly string[] {
  if (workflow === undefined) return [];
  const steps = [...stepPositions(workflow).byPath.values()].map(({ step }) => step);
  return steps.filter((step) => step.kind === "workflow").map((step) => step.workflow);
}

/** Names that workflows around this one set: what it calls sets values for it, and what calls it hands values over. */
export function namesFromOutside(workflow: Workflow, world: World): ReadonlySet<string> {
  const names = new Set<string>();
  const called = reached([workflow.id], (id) => callsOf(world.workflows.find((one) => one.id === id)));
  const callers = reached([workflow.id], (id) =>
    world.workflows.filter((one) => callsOf(one).includes(id)).map((one) => one.id),
  );
  // A caller's other calls set values for this one too.
  const around = reached([...callers], (id) => callsOf(world.workflows.find((one) => one.id === id)));
  for (const id of new Set([...called, ...callers, ...around])) {
    const other = world.workflows.find((one) => one.id === id);
    if (other === undefined) continue;
    for (const { step } of stepPositions(other).byPath.values()) {
      const settings = other.id === workflow.id ? [] : definitionOf(step.kind).settings(step, world);
      for (const { path } of settings) names.add(rootOf(path));
      if (step.kind === "workflow") for (const name of Object.keys(step.with)) names.add(rootOf(name));
    }
  }
  return names;
}

function reached(from: readonly string[], next: (id: string) => readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...next(id));
  }
  return seen;
}
