import { fault, pathPart, readMap } from "../../language/yaml-entry.ts";
import { readExpression } from "../../language/yaml-language.ts";
import type { StepOf } from "../definition.ts";
import { KNOWN_VALUES } from "../known-values.ts";
import { none, noQuestions, type StepDefinition } from "../step-definition.ts";
import { built, optional, type StepEntry } from "../step-entry.ts";
import { evaluated, journalLine, type StepOutcome, type Walk } from "../walk.ts";

type SwitchStep = StepOf<"switch">;

/** `switch:` takes the case that its value names, or `else:`. */
export const switchStep: StepDefinition<"switch"> = {
  keys: ["cases", "else"],
  parse,
  children: lists,
  texts: none,
  readers: (step) => [step.value],
  settings: none,
  questions: noQuestions,
  flow: (step) => ({ kind: "branches", lists: lists(step) }),
  comparisons: (step) =>
    Object.keys(step.cases).map((name) => ({
      path: step.value.source.trim(),
      text: name,
      keys: [`cases.${pathPart(name)}`],
    })),
  run,
};

function lists(step: SwitchStep): readonly SwitchStep["else"][] {
  return [...Object.values(step.cases), step.else];
}

function parse({ value, fields, base, readSteps }: StepEntry): SwitchStep | null {
  const expression = readExpression(value, KNOWN_VALUES, "any");
  if (!fields.has("cases")) fault(value, "006", "switch: needs cases:", "key");
  const read = [...(optional(fields, "cases", readMap) ?? [])];
  const cases = Object.fromEntries(read.map(([name, entry]) => [name, readSteps(entry) ?? []] as const));
  const otherwise = optional(fields, "else", readSteps) ?? [];
  return built(expression, (given) => ({ ...base, kind: "switch", value: given, cases, else: otherwise }));
}

function run(walk: Walk, step: SwitchStep): StepOutcome {
  const value = evaluated(walk, step.value);
  const key = ["string", "number", "boolean", "bigint"].includes(typeof value) ? String(value) : null;
  const steps = key !== null && Object.hasOwn(step.cases, key) ? step.cases[key] : undefined;
  const was = key === null ? "unknown" : JSON.stringify(key);
  const taken = steps === undefined ? "no case fitted and it took “else”" : `took the case ${key}`;
  journalLine(walk, "step.switch", `${step.value.source} was ${was}, so ${taken}`);
  return { kind: "into", steps: steps ?? step.else };
}
