/** W120: no workflow calls itself, not even through others. */
import { callsOf } from "./calls.ts";
import { find, placeOf, type Subject } from "./lint-subject.ts";

export function lintCalls(subject: Subject): void {
  const { workflows } = subject.world;
  for (const { step } of subject.steps) {
    if (step.kind !== "workflow" || !workflows.some(({ id }) => id === step.workflow)) continue;
    const way = wayBack(subject, step.workflow);
    if (way === null) continue;
    const message = `this calls itself: ${[subject.workflow.id, ...way].join(" → ")}`;
    find(subject, placeOf(subject, step, ["workflow"]), "W120", message);
  }
}

/** Ids of a chain of calls from a workflow back to the checked one; null: there is none. */
function wayBack(subject: Subject, from: string): readonly string[] | null {
  const seen = new Set<string>();
  const search = (id: string): readonly string[] | null => {
    if (id === subject.workflow.id) return [id];
    if (seen.has(id)) return null;
    seen.add(id);
    for (const next of callsOf(subject.world.workflows.find((one) => one.id === id))) {
      const way = search(next);
      if (way !== null) return [id, ...way];
    }
    return null;
  };
  return search(from);
}
