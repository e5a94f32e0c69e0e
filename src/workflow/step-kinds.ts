/** Every kind of step, by its name in a file. Suggestions for a misspelt name follow this order. */
import type { StepKind } from "./definition.ts";
import type { StepDefinition } from "./step-definition.ts";
import { askStep } from "./steps/ask.ts";
import { closeStep } from "./steps/close.ts";
import { collectStep } from "./steps/collect.ts";
import { gotoStep } from "./steps/goto.ts";
import { handoffStep } from "./steps/handoff.ts";
import { ifStep } from "./steps/if.ts";
import { noteStep } from "./steps/note.ts";
import { procedureStep } from "./steps/procedure.ts";
import { sayStep } from "./steps/say.ts";
import { setStep } from "./steps/set.ts";
import { stopStep } from "./steps/stop.ts";
import { switchStep } from "./steps/switch.ts";
import { tagStep } from "./steps/tag.ts";
import { useStep } from "./steps/use.ts";
import { waitStep } from "./steps/wait.ts";
import { workflowStep } from "./steps/workflow.ts";

const STEP_KINDS: { readonly [Kind in StepKind]: StepDefinition<Kind> } = {
  say: sayStep,
  ask: askStep,
  collect: collectStep,
  if: ifStep,
  switch: switchStep,
  set: setStep,
  tag: tagStep,
  note: noteStep,
  use: useStep,
  procedure: procedureStep,
  workflow: workflowStep,
  handoff: handoffStep,
  wait: waitStep,
  close: closeStep,
  goto: gotoStep,
  stop: stopStep,
};

export const STEP_NAMES = Object.keys(STEP_KINDS) as readonly StepKind[];

/** Steps that this version refuses by name. */
export const LATER_STEPS = [
  "classify",
  "extract",
  "summarize",
  "draft",
  "detect_language",
  "translate",
  "parallel",
  "for_each",
  "untag",
  "attribute",
  "priority",
  "title",
  "assign",
  "approve",
  "notify",
  "open",
  "csat",
  "snooze",
] as const;

/** The definition of a kind of step. */
export function definitionOf<Kind extends StepKind>(kind: Kind): StepDefinition<Kind> {
  return STEP_KINDS[kind];
}
