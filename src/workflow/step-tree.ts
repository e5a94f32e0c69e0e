/** The steps of a workflow as a tree, and the ways through it. */
import type { Step } from "./definition.ts";

/** One step in its list, and the step that the list belongs to. */
export interface StepPosition {
  step: Step;
  list: readonly Step[];
  at: number;
  within: { place: StepPosition; slot: Slot } | null;
}

/** Kind of a nested list. A failure in an `on_error:` list is not caught by that same list. */
export type Slot = "inner" | "onError";

export interface StepPositions {
  first: StepPosition | null;
  byPath: ReadonlyMap<string, StepPosition>;
  byId: ReadonlyMap<string, StepPosition>;
}

/** The step after this one; at the end of a nested list, the one after the step it belongs to; null: none. */
export function successor(places: StepPositions, place: StepPosition): StepPosition | null {
  for (let here: StepPosition | null = place; here !== null; here = here.within?.place ?? null) {
    const next = here.list[here.at + 1];
    if (next !== undefined) return places.byPath.get(next.path) ?? null;
  }
  return null;
}

/** The nearest step, this one or one around it, whose `on_error:` catches a failure here; null: none. */
export function catcher(place: StepPosition): StepPosition | null {
  if (place.step.onError !== null) return place;
  for (let inner = place.within; inner !== null; inner = inner.place.within) {
    if (inner.slot !== "onError" && inner.place.step.onError !== null) return inner.place;
  }
  return null;
}
