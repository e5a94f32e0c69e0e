import { fault, readText } from "../../language/yaml-entry.ts";
import { isNothing } from "../../language/yaml-file.ts";
import type { StepOf } from "../definition.ts";
import { endsFlow, none, noQuestions, type StepDefinition } from "../step-definition.ts";
import type { StepEntry } from "../step-entry.ts";
import { end, journalLine, type StepOutcome, type Walk } from "../walk.ts";

/** `stop` ends the run, that of its callers included. */
export const stopStep: StepDefinition<"stop"> = {
  keys: [],
  bare: (base) => ({ ...base, kind: "stop" }),
  parse,
  children: none,
  texts: none,
  readers: none,
  settings: none,
  questions: noQuestions,
  flow: endsFlow,
  run,
};

function parse({ value, base }: StepEntry): StepOf<"stop"> | null {
  const text = isNothing(value.node) ? "true" : readText(value);
  if (text === null) return null;
  return text === "true" ? { ...base, kind: "stop" } : fault(value, "007", "stop: stands alone, without a value");
}

function run(walk: Walk): StepOutcome {
  journalLine(walk, "step.stop", "Stopped the workflow");
  return end;
}
