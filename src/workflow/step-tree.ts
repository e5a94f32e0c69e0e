/** The steps of a workflow as a tree, and the ways through it. */
import type { Step } from "./definition.ts";

/** One step in its list, and the step that list belongs to. */
export interface StepPosition {
  step: Step;
  list: readonly Step[];
  at: number;
  within: { place: StepPosition; slot: Slot } | null;
}

/** What a nested list is of its step. A failure inside `onError` is not caught by that same `onError`. */
export type Slot = "inner" | "onError";

export interface StepPositions {
  first: StepPosition | null;
  byPath: ReadonlyMap<string, StepPosition>;
  byId: ReadonlyMap<string, StepPosition>;
}

/** The step after this one; at the end of a nested list, the one after the step it belongs to; null at the end. */
export function successor(places: StepPositions, place: StepPosition): StepPosition | null {
  for (let here: StepPosition | null = place; here !== null; here = here.within?.place ?? null) {
    const next = here.list[here.at + 1];
    if (next !== undefined) return places.byPath.get(next.path) ?? null;
  }
  return null;
}

/** The nearest step, this one or one around it, whose `on_error` takes a failure here; null: none does. */
export function catcher(place: StepPosition): StepPosition | null {
  if (place.step.onError !== null) return place;
  for (let inner = place.within; inner !== null; inner = inner.place.within) {
    if (inner.slot !== "onError" && inner.place.step.onError !== null) return inner.place;
  }
  return null;
}
