/* oxlint-disable unicorn/no-thenable -- `then` is a key of the file format and always a list */
import { fault } from "../../language/yaml-entry.ts";
import { readExpression } from "../../language/yaml-language.ts";
import type { StepOf } from "../definition.ts";
import { KNOWN_VALUES } from "../known-values.ts";
import { none, noQuestions, type StepDefinition } from "../step-definition.ts";
import { built, optional, type StepEntry } from "../step-entry.ts";
import { evaluated, journalLine, type StepOutcome, truth, type Walk } from "../walk.ts";

type IfStep = StepOf<"if">;

/** `if:` takes its `then:` or its `else:`. */
export const ifStep: StepDefinition<"if"> = {
  keys: ["then", "else"],
  parse,
  children: (step) => [step.then, step.else],
  texts: none,
  readers: (step) => [step.condition],
  settings: none,
  questions: noQuestions,
  flow: (step) => ({ kind: "branches", lists: [step.then, step.else] }),
  run,
};

function parse({ value, fields, base, readSteps }: StepEntry): IfStep | null {
  const condition = readExpression(value, KNOWN_VALUES, "bool");
  if (!fields.has("then")) fault(value, "006", "if: with else: needs then: as well", "key");
  const then = optional(fields, "then", readSteps) ?? [];
  const otherwise = optional(fields, "else", readSteps) ?? [];
  return built(condition, (given) => ({ ...base, kind: "if", condition: given, then, else: otherwise }));
}

function run(walk: Walk, step: IfStep): StepOutcome {
  const holds = evaluated(walk, step.condition);
  const taken =
    holds === true ? "went on with its steps" : step.else.length > 0 ? "took the other branch" : "went past it";
  journalLine(walk, "step.if", `The condition ${step.condition.source} was ${truth(holds)}, so ${taken}`);
  return { kind: "into", steps: holds === true ? step.then : step.else };
}
