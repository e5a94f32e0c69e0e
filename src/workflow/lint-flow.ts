/** W110, W117: every step can be reached, and every loop waits for something. */
import type { Step } from "./definition.ts";
import { find, placeOf, type Subject } from "./lint-subject.ts";
import type { Flow } from "./step-definition.ts";
import { definitionOf } from "./step-kinds.ts";
import { stepPositions } from "./step-positions.ts";
import { type StepPosition, type StepPositions, successor } from "./step-tree.ts";

export function lintFlow(subject: Subject): void {
  const places = stepPositions(subject.workflow);
  const targets = new Set(
    subject.steps.flatMap(({ step }) => {
      const flow = flowOf(step);
      return flow.kind === "goto" ? [flow.target] : [];
    }),
  );
  const lists = new Set(subject.steps.map(({ list }) => list));
  for (const list of lists) lintList(subject, list, targets);
  for (const place of subject.steps) lintLoop(subject, places, place);
}

function lintList(subject: Subject, list: readonly Step[], targets: ReadonlySet<string>): void {
  const end = list.findIndex(ends);
  const dead = end === -1 ? undefined : list[end + 1];
  if (dead === undefined || (dead.id !== null && targets.has(dead.id))) return;
  const by = list[end]?.kind ?? "";
  find(subject, dead.position, "W110", `this step is never reached, because ${by}: before it goes elsewhere`);
}

/** Tells whether the steps after this one in its list are never taken. */
function ends(step: Step): boolean {
  if (step.if !== null) return false;
  const flow = flowOf(step);
  switch (flow.kind) {
    case "ends":
    case "goto":
      return true;
    case "branches":
      return flow.lists.every((list) => list.some(ends));
    case "next":
    case "waits":
      return false;
  }
}

const flowOf = (step: Step): Flow => definitionOf(step.kind).flow(step);

/** The step that a `goto:` leads to; undefined for other steps, and for a target that does not exist. */
export function targetOf(places: StepPositions, step: Step): StepPosition | undefined {
  const flow = flowOf(step);
  return flow.kind === "goto" ? places.byId.get(flow.target) : undefined;
}

function lintLoop(subject: Subject, places: StepPositions, place: StepPosition): void {
  const { step } = place;
  const target = targetOf(places, step);
  if (target === undefined || !reaches(places, target, place)) return;
  find(
    subject,
    placeOf(subject, step, [step.kind], "key"),
    "W117",
    "this comes round again without an ask: or wait: on the way, for ever",
  );
}

/** Tells whether one step leads to another without waiting for a person or a time in between. */
function reaches(places: StepPositions, from: StepPosition, to: StepPosition): boolean {
  const seen = new Set<StepPosition>();
  const open = [from];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (place === to) return true;
    if (seen.has(place)) continue;
    seen.add(place);
    open.push(...nextOf(places, place));
  }
  return false;
}

function nextOf(places: StepPositions, place: StepPosition): StepPosition[] {
  const { step } = place;
  const after = successor(places, place);
  const first = (list: readonly Step[]): StepPosition | null =>
    list[0] === undefined ? after : (places.byPath.get(list[0].path) ?? null);
  const passed = step.if === null ? [] : [after];
  const caught = step.onError === null ? [] : [first(step.onError)];
  return [...passed, ...caught, ...ways(step, { places, after, first })].filter((next) => next !== null);
}

function ways(
  step: Step,
  o: { places: StepPositions; after: StepPosition | null; first: (list: readonly Step[]) => StepPosition | null },
): (StepPosition | null)[] {
  const flow = flowOf(step);
  switch (flow.kind) {
    case "next":
      return [o.after];
    case "goto":
      return [o.places.byId.get(flow.target) ?? null];
    case "branches":
      return flow.lists.map(o.first);
    // After a wait the way is no endless loop.
    case "waits":
    case "ends":
      return [];
  }
}
