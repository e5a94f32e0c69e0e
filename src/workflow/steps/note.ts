import { readTemplate } from "../../language/yaml-language.ts";
import type { StepOf } from "../definition.ts";
import { leadsOn, none, noQuestions, type StepDefinition } from "../step-definition.ts";
import { built } from "../step-entry.ts";
import { journalLine, next, rendered, type StepOutcome, type Walk } from "../walk.ts";

/** `note:` leaves a note that only operators see. */
export const noteStep: StepDefinition<"note"> = {
  keys: [],
  parse: ({ value, base }) => built(readTemplate(value), (text) => ({ ...base, kind: "note", text })),
  children: none,
  texts: none,
  readers: (step) => [step.text],
  settings: none,
  questions: noQuestions,
  flow: leadsOn,
  run,
};

function run(walk: Walk, step: StepOf<"note">): StepOutcome {
  walk.effects.push({ kind: "note", text: rendered(walk, step.text) });
  journalLine(walk, "step.note", "Left a note for the operators");
  return next;
}
