import type { StepOf } from "../definition.ts";
import { given, givenSettings, templatesIn } from "../given.ts";
import { readSet } from "../parse-given.ts";
import { leadsOn, none, noQuestions, type StepDefinition } from "../step-definition.ts";
import { built } from "../step-entry.ts";
import { merged, valueAt } from "../values.ts";
import { failedStep, journalLine, next, type StepOutcome, save, type Walk, written } from "../walk.ts";

/** `set:` saves values under dotted names, merging maps. */
export const setStep: StepDefinition<"set"> = {
  keys: [],
  parse: ({ value, base }) => built(readSet(value), (values) => ({ ...base, kind: "set", values })),
  children: none,
  texts: none,
  readers: (step) => Object.values(step.values).flatMap(templatesIn),
  settings: (step) => Object.entries(step.values).flatMap(([path, value]) => givenSettings(path, value)),
  questions: noQuestions,
  flow: leadsOn,
  run,
};

function run(walk: Walk, step: StepOf<"set">): StepOutcome {
  for (const [path, value] of Object.entries(step.values)) {
    const fresh = given(value, (template) => written(walk, template));
    const fault = save(walk, path, merged(valueAt(walk.values, path), fresh));
    if (fault !== null) return failedStep(fault);
  }
  journalLine(walk, "step.set", `Set ${Object.keys(step.values).join(", ")}`);
  return next;
}
