import { didYouMean } from "../../language/suggest.ts";
import { readName, readOneOf } from "../../language/yaml-entry.ts";
import { readTemplate, readTexts } from "../../language/yaml-language.ts";
import type { StepOf } from "../definition.ts";
import { find, placeOf, type Subject } from "../lint-subject.ts";
import { endsFlow, none, noQuestions, type StepDefinition } from "../step-definition.ts";
import { built, optional, type StepEntry } from "../step-entry.ts";
import { PRIORITIES } from "../vocabulary.ts";
import { end, rendered, type StepOutcome, text, type Walk } from "../walk.ts";

type HandoffStep = StepOf<"handoff">;

/** `handoff:` gives the conversation to a queue, and ends the run. */
export const handoffStep: StepDefinition<"handoff"> = {
  keys: ["priority", "say", "summary"],
  parse,
  children: none,
  texts: (step) => (step.say === null ? [] : [{ texts: step.say, keys: ["say"] }]),
  readers: (step) => (step.summary === null ? [] : [step.summary]),
  settings: none,
  questions: noQuestions,
  flow: endsFlow,
  lint: lintQueue,
  run,
};

function parse({ value, fields, base }: StepEntry): HandoffStep | null {
  const priority = optional(fields, "priority", (entry) => readOneOf(entry, PRIORITIES));
  const say = optional(fields, "say", readTexts);
  const summary = optional(fields, "summary", readTemplate);
  return built(readName(value, "a queue"), (queue) => ({ ...base, kind: "handoff", queue, priority, say, summary }));
}

/** W101: the queue exists. */
function lintQueue(subject: Subject, step: HandoffStep): void {
  const { queues } = subject.world;
  if (queues.includes(step.queue)) return;
  const message = `frontdesk.yaml has no queue "${step.queue}"${didYouMean(step.queue, queues)}`;
  find(subject, placeOf(subject, step, ["handoff"]), "W101", message);
}

function run(walk: Walk, step: HandoffStep): StepOutcome {
  walk.effects.push({
    kind: "handoff",
    queue: step.queue,
    priority: step.priority ?? "normal",
    say: step.say === null ? null : text(walk, step.say),
    summary: step.summary === null ? null : rendered(walk, step.summary),
    escalation: "policy",
    known: walk.values,
  });
  return end;
}
