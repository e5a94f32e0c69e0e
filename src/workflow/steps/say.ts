import { didYouMean } from "../../language/suggest.ts";
import { type Entry, pathPart, readMap } from "../../language/yaml-entry.ts";
import { readTexts } from "../../language/yaml-language.ts";
import type { StepOf, Texts } from "../definition.ts";
import { find, placeOf, type Subject } from "../lint-subject.ts";
import { leadsOn, none, noQuestions, type StepDefinition } from "../step-definition.ts";
import { built, optional, type StepEntry } from "../step-entry.ts";
import { journalLine, next, type StepOutcome, text, type Walk } from "../walk.ts";

type SayStep = StepOf<"say">;

/** `say:` sends a text to the customer; `per_channel:` has variants of it. */
export const sayStep: StepDefinition<"say"> = {
  keys: ["per_channel"],
  parse,
  children: none,
  texts: (step) => [
    { texts: step.text, keys: ["say"] },
    ...Object.entries(step.perChannel).map(([name, texts]) => ({ texts, keys: [`per_channel.${name}`] })),
  ],
  readers: none,
  settings: none,
  questions: noQuestions,
  flow: leadsOn,
  lint: lintVariants,
  run,
};

function parse({ value, fields, base }: StepEntry): SayStep | null {
  const text = readTexts(value);
  const channels = optional(fields, "per_channel", readMap) ?? new Map<string, Entry>();
  const variants = [...channels].map(([name, entry]): [string, Texts | null] => [name, readTexts(entry)]);
  const perChannel = Object.fromEntries(variants.filter((pair): pair is [string, Texts] => pair[1] !== null));
  return built(text, (given) => ({ ...base, kind: "say", text: given, perChannel }));
}

/** W106: the channels in `per_channel:` exist. */
function lintVariants(subject: Subject, step: SayStep): void {
  const known = Object.keys(subject.world.channels);
  for (const name of Object.keys(step.perChannel)) {
    if (known.includes(name)) continue;
    const at = placeOf(subject, step, [`per_channel.${pathPart(name)}`], "key");
    find(subject, at, "W106", `frontdesk.yaml has no channel "${name}"${didYouMean(name, known)}`);
  }
}

function run(walk: Walk, step: SayStep): StepOutcome {
  const { channel } = walk.facts.conversation;
  const variant = Object.hasOwn(step.perChannel, channel) ? step.perChannel[channel] : undefined;
  const message = text(walk, variant ?? step.text);
  if (message === "") {
    journalLine(walk, "step.say", "Said nothing, because the text was empty");
    return next;
  }
  walk.effects.push({ kind: "say", text: message });
  journalLine(walk, "step.say", `Said “${message}”`);
  return next;
}
