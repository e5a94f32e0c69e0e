/** Index of a workflow's steps by path and id. A stored run holds only paths. */
import type { Step, Workflow } from "./definition.ts";
import { definitionOf } from "./step-kinds.ts";
import type { Slot, StepPosition, StepPositions } from "./step-tree.ts";

const known = new WeakMap<Workflow, StepPositions>();

/** The index of a workflow's steps, built once for each parsed workflow. */
export function stepPositions(workflow: Workflow): StepPositions {
  const before = known.get(workflow);
  if (before !== undefined) return before;
  const byPath = new Map<string, StepPosition>();
  enlist(workflow.steps, null, byPath);
  const byId = new Map<string, StepPosition>();
  for (const place of byPath.values()) if (place.step.id !== null) byId.set(place.step.id, place);
  const first = workflow.steps[0];
  const places = { first: first === undefined ? null : (byPath.get(first.path) ?? null), byPath, byId };
  known.set(workflow, places);
  return places;
}

function enlist(list: readonly Step[], within: StepPosition["within"], byPath: Map<string, StepPosition>): void {
  for (const [at, step] of list.entries()) {
    const place: StepPosition = { step, list, at, within };
    byPath.set(step.path, place);
    for (const [slot, steps] of nested(step)) enlist(steps, { place, slot }, byPath);
  }
}

function nested(step: Step): [Slot, readonly Step[]][] {
  const lists = definitionOf(step.kind)
    .children(step)
    .map((steps): [Slot, readonly Step[]] => ["inner", steps]);
  return step.onError === null ? lists : [...lists, ["onError", step.onError]];
}
