import { didYouMean } from "../../language/suggest.ts";
import { readName } from "../../language/yaml-entry.ts";
import type { StepOf } from "../definition.ts";
import { find, placeOf, type Subject } from "../lint-subject.ts";
import { none, noQuestions, type StepDefinition } from "../step-definition.ts";
import { built } from "../step-entry.ts";

/** `goto:` goes on at another step of the same file. */
export const gotoStep: StepDefinition<"goto"> = {
  keys: [],
  parse: ({ value, base }) => built(readName(value, "a step's id"), (target) => ({ ...base, kind: "goto", target })),
  children: none,
  texts: none,
  readers: none,
  settings: none,
  questions: noQuestions,
  flow: (step) => ({ kind: "goto", target: step.target }),
  lint: lintTarget,
  run: (_walk, step) => ({ kind: "goto", target: step.target }),
};

/** W105: the target is a step of the same file. Not checked if steps are missing because they could not be read. */
function lintTarget(subject: Subject, step: StepOf<"goto">): void {
  if (subject.partial) return;
  const ids = subject.steps.map(({ step }) => step.id).filter((id) => id !== null);
  if (ids.includes(step.target)) return;
  const message = `no step has the id "${step.target}"${didYouMean(step.target, ids)}`;
  find(subject, placeOf(subject, step, ["goto"]), "W105", message);
}
