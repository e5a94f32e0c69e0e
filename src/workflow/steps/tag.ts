import { readListOrOne } from "../../language/yaml-entry.ts";
import { readTemplate } from "../../language/yaml-language.ts";
import type { StepOf } from "../definition.ts";
import { leadsOn, none, noQuestions, type StepDefinition } from "../step-definition.ts";
import type { StepEntry } from "../step-entry.ts";
import { journalLine, next, rendered, type StepOutcome, type Walk } from "../walk.ts";

/** `tag:` adds tags to the conversation. */
export const tagStep: StepDefinition<"tag"> = {
  keys: [],
  parse,
  children: none,
  texts: none,
  readers: (step) => step.add,
  settings: none,
  questions: noQuestions,
  flow: leadsOn,
  run,
};

function parse({ value, base }: StepEntry): StepOf<"tag"> | null {
  const add = (readListOrOne(value) ?? []).map(readTemplate).filter((tag) => tag !== null);
  return add.length === 0 ? null : { ...base, kind: "tag", add };
}

function run(walk: Walk, step: StepOf<"tag">): StepOutcome {
  const tags = step.add.map((template) => rendered(walk, template)).filter((name) => name !== "");
  if (tags.length > 0) walk.effects.push({ kind: "tag", tags });
  const named = tags.map((name) => `“${name}”`).join(", ");
  journalLine(walk, "step.tag", tags.length > 0 ? `Tagged ${named}` : "Tagged nothing, because the tag was empty");
  return next;
}
