import { isMap } from "yaml";
import { readFields, readOneOf } from "../../language/yaml-entry.ts";
import { isNothing } from "../../language/yaml-file.ts";
import { readTexts } from "../../language/yaml-language.ts";
import type { StepOf } from "../definition.ts";
import { endsFlow, none, noQuestions, type StepDefinition } from "../step-definition.ts";
import { built, optional, type StepEntry } from "../step-entry.ts";
import { RESOLUTIONS } from "../vocabulary.ts";
import { end, type StepOutcome, text, type Walk } from "../walk.ts";

type CloseStep = StepOf<"close">;

const DEFAULT_RESOLUTION = "solved by bot";

/** `close:` closes the conversation, and ends the run. */
export const closeStep: StepDefinition<"close"> = {
  keys: ["say", "resolution"],
  bare: (base) => ({ ...base, kind: "close", say: null, resolution: DEFAULT_RESOLUTION }),
  parse,
  children: none,
  texts: (step) => (step.say === null ? [] : [{ texts: step.say, keys: ["close.say", "say"] }]),
  readers: none,
  settings: none,
  questions: noQuestions,
  flow: endsFlow,
  run,
};

/** Reads `close:` alone, `close: abandoned`, or `close: { resolution: …, say: … }` with its keys inside or beside. */
function parse({ value, fields, base }: StepEntry): CloseStep | null {
  const inner = isMap(value.node) ? readFields(value, { what: "close:", known: closeStep.keys }) : null;
  if (isMap(value.node) && inner === null) return null;
  const all = new Map([...fields, ...(inner ?? [])]);
  const say = optional(all, "say", readTexts);
  const named = all.get("resolution") ?? (isMap(value.node) || isNothing(value.node) ? undefined : value);
  const resolution = named === undefined ? DEFAULT_RESOLUTION : readOneOf(named, RESOLUTIONS);
  return built(resolution, (given) => ({ ...base, kind: "close", say, resolution: given }));
}

function run(walk: Walk, step: CloseStep): StepOutcome {
  const say = step.say === null ? null : text(walk, step.say);
  walk.effects.push({ kind: "close", say, resolution: step.resolution });
  return end;
}
