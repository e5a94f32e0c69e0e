import type { Step } from "./definition.ts";
import { definitionOf } from "./step-kinds.ts";
import { evaluated, journalLine, next, type StepOutcome, truth, type Walk } from "./walk.ts";

/** Takes a step, unless its `if:` does not hold. */
export function takeStep(walk: Walk, step: Step): StepOutcome {
  if (step.if !== null) {
    const holds = evaluated(walk, step.if);
    if (holds !== true) {
      const reason = `the condition ${step.if.source} was ${truth(holds)}`;
      journalLine(walk, "step.skipped", `Skipped ${titleOf(step)}, because ${reason}`);
      return next;
    }
  }
  return definitionOf(step.kind).run(walk, step);
}

const titleOf = (step: Step): string => (step.id === null ? `a “${step.kind}” step` : `“${step.id}”`);
