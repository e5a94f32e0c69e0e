/** Every kind of step, by its name in a file. Suggestions for a misspelt name follow this order. */
import type { StepKind } from "../definition.ts";
import { askStep } from "./ask.ts";
import { closeStep } from "./close.ts";
import { collectStep } from "./collect.ts";
import { gotoStep } from "./goto.ts";
import { handoffStep } from "./handoff.ts";
import { ifStep } from "./if.ts";
import { noteStep } from "./note.ts";
import { sayStep } from "./say.ts";
import { setStep } from "./set.ts";
import type { StepDefinition } from "./step-definition.ts";
import { stopStep } from "./stop.ts";
import { switchStep } from "./switch.ts";
import { tagStep } from "./tag.ts";
import { useStep } from "./use.ts";
import { waitStep } from "./wait.ts";
import { workflowStep } from "./workflow.ts";

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
  "procedure",
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
