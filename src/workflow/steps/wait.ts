import { isMap } from "yaml";
import { fault, readDuration, readFields, readOneOf } from "../../language/yaml-entry.ts";
import type { StepOf } from "../definition.ts";
import { none, noQuestions, type StepDefinition, waitsFirst } from "../step-definition.ts";
import { built, optional, type StepEntry } from "../step-entry.ts";
import { journalLine, mint, type StepOutcome, type Walk, waitFor } from "../walk.ts";

/** `wait:` waits for a time, or until the customer writes. */
export const waitStep: StepDefinition<"wait"> = {
  keys: ["for", "unless"],
  parse,
  children: none,
  texts: none,
  readers: none,
  settings: none,
  questions: noQuestions,
  flow: waitsFirst,
  run,
};

/** Reads `wait: 10m`, or `wait: { for: 10m, unless: replied }`, or the two keys beside it. */
function parse({ value, fields, base }: StepEntry): StepOf<"wait"> | null {
  const keys = { what: "wait:", known: waitStep.keys, later: ["until"] };
  const inner = isMap(value.node) ? readFields(value, keys) : null;
  const all = new Map([...fields, ...(inner ?? [])]);
  const unlessReplied = optional(all, "unless", (entry) => readOneOf(entry, ["replied"])) !== null;
  const duration = all.get("for") ?? value;
  if (duration === value && isMap(value.node))
    return inner?.size === 0 || all.has("unless") ? fault(value, "006", "wait: needs for:", "key") : null;
  return built(readDuration(duration), (forMs) => ({ ...base, kind: "wait", forMs, unlessReplied }));
}

function run(walk: Walk, step: StepOf<"wait">): StepOutcome {
  const alarm = mint(walk);
  walk.effects.push({ kind: "alarm", alarm, afterMs: step.forMs });
  const unless = step.unlessReplied ? ", or until the customer writes" : "";
  journalLine(walk, "step.wait", `Waits ${step.forMs / 1_000} seconds${unless}`);
  return step.unlessReplied ? waitFor({ kind: "alarm", alarm }, { kind: "words" }) : waitFor({ kind: "alarm", alarm });
}
