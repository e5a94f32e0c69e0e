/** Calls between workflows, by `workflow:` steps. */
import type { Workflow } from "./definition.ts";
import type { LintWorld } from "./lint-subject.ts";
import { rootOf } from "./setting.ts";
import { definitionOf } from "./step-kinds.ts";
import { stepPositions } from "./step-positions.ts";

/** Ids of the workflows that a workflow calls. */
export function callsOf(workflow: Workflow | undefined): readonly string[] {
  if (workflow === undefined) return [];
  const steps = [...stepPositions(workflow).byPath.values()].map(({ step }) => step);
  return steps.filter((step) => step.kind === "workflow").map((step) => step.workflow);
}

/** Names of values that other workflows can set for this one: those that it calls, and those that call it. */
export function namesFromOutside(workflow: Workflow, world: LintWorld): ReadonlySet<string> {
  const names = new Set<string>();
  const called = reached([workflow.id], (id) => callsOf(world.workflows.find((one) => one.id === id)));
  const callers = reached([workflow.id], (id) =>
    world.workflows.filter((one) => callsOf(one).includes(id)).map((one) => one.id),
  );
  // Other workflows that a caller calls set values for this one too.
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
