/** The position of a run in its workflows, and its moves from step to step. */
import type { Workflow } from "./definition.ts";
import { definitionOf } from "./step-kinds.ts";
import { stepPositions } from "./step-positions.ts";
import { catcher, type StepPosition, successor } from "./step-tree.ts";
import { without } from "./values.ts";
import { escalate, failedStep, journalLine, type StepOutcome, type Walk } from "./walk.ts";

/** Moves the run to its next step; null: it is over. */
export function moved(walk: Walk, outcome: Exclude<StepOutcome, { kind: "wait" | "end" }>): StepPosition | null {
  switch (outcome.kind) {
    case "next":
      return onward(walk);
    case "into":
      return outcome.steps[0] === undefined ? onward(walk) : stand(walk, outcome.steps[0].path);
    case "path":
      return stand(walk, outcome.path);
    case "goto":
      return wentTo(walk, outcome.target);
    case "workflow":
      return entered(walk, outcome.workflow);
    case "failure":
      return failed(walk, outcome.error);
  }
}

/** Goes to a step by its id. A question is asked again then, so the answers that it saved are forgotten. */
function wentTo(walk: Walk, id: string): StepPosition | null {
  const target = places(walk).byId.get(id)?.step;
  if (target === undefined) return failed(walk, failedStep(`There is no step “${id}” to go to.`).error);
  for (const { saves } of definitionOf(target.kind).questions(target) ?? []) {
    if (saves !== null) walk.values = without(walk.values, saves);
  }
  journalLine(walk, "step.goto", `Went to “${id}”`);
  return stand(walk, target.path);
}

function entered(walk: Walk, workflow: Workflow): StepPosition | null {
  const { first } = stepPositions(workflow);
  if (first === null) return walk.frames.length === 0 ? over(walk) : onward(walk);
  walk.frames = [...walk.frames, { workflow: workflow.id, path: first.step.path, tries: 0 }];
  return first;
}

/** Moves to the step after this one; at the end of a called workflow, to the step after the call. */
function onward(walk: Walk): StepPosition | null {
  while (walk.frames.length > 0) {
    const after = successor(places(walk), here(walk));
    if (after !== null) return stand(walk, after.step.path);
    walk.frames = walk.frames.slice(0, -1);
  }
  return over(walk);
}

function over(walk: Walk): null {
  journalLine(walk, "run.ended", "The workflow ended");
  return null;
}

/** Moves to the nearest `on_error:` around a failure, callers included; without one a person takes over and is told of it. */
function failed(walk: Walk, error: Extract<StepOutcome, { kind: "failure" }>["error"]): StepPosition | null {
  journalLine(walk, "step.failed", error.says);
  const frames = walk.frames;
  for (; walk.frames.length > 0; walk.frames = walk.frames.slice(0, -1)) {
    const caught = catcher(here(walk));
    if (caught === null) continue;
    stand(walk, caught.step.path);
    walk.values = { ...walk.values, error };
    journalLine(walk, "step.on_error", "Went on with its on_error steps");
    if (error.reason === "ambiguous") walk.effects.push({ kind: "unsure", says: error.says });
    return moved(walk, { kind: "into", steps: caught.step.onError ?? [] });
  }
  walk.frames = frames;
  journalLine(walk, "run.failed", "Nothing was to be done on that failure, so a person takes over");
  // They may have to look there: a write may have been made (E4).
  walk.effects.push({ kind: "note", text: error.says });
  escalate(walk, "failure");
  return null;
}

function stand(walk: Walk, path: string): StepPosition {
  const frame = walk.frames.at(-1);
  if (frame === undefined) throw new Error("The run stands nowhere.");
  walk.frames = [...walk.frames.slice(0, -1), { workflow: frame.workflow, path, tries: 0 }];
  return here(walk);
}

/** The step that the run is at. Throws if its workflow or its step does not exist. */
export function here(walk: Walk): StepPosition {
  const frame = walk.frames.at(-1);
  const place = frame === undefined ? undefined : places(walk).byPath.get(frame.path);
  if (place === undefined)
    throw new Error(`There is no step ${frame?.path ?? "at all"} in ${frame?.workflow ?? "it"}.`);
  return place;
}

function places(walk: Walk): ReturnType<typeof stepPositions> {
  const name = walk.frames.at(-1)?.workflow ?? walk.run.workflow;
  const workflow = walk.find(name);
  if (workflow === null) throw new Error(`There is no workflow “${name}” in release ${walk.run.release}.`);
  return stepPositions(workflow);
}
