/** `ask:` — a question, with numbered options or open to any text. Two answers that are none of them, and a person takes over: never a loop. */
import type { Choice, NoChoice } from "../adapter/choice.ts";
import { PERSON_OPTION } from "../domain/option.ts";
import type { Option, Step } from "./definition.ts";
import { readText } from "./field.ts";
import { cancelAlarms, giveUp, giveUpAlarm, remindAlarm, setAlarms } from "./prompt-alarms.ts";
import type { Reply, Waiting } from "./run.ts";
import { doubted, numbered, type Showing } from "./shown-options.ts";
import { isKnown, valueAt } from "./values.ts";
import { escalate, failure, journal, mint, next, type Outcome, save, text, type Walk } from "./walk.ts";
import { words } from "./words.ts";

export type AskStep = Extract<Step, { kind: "ask" }>;
type Asked = Extract<Waiting, { kind: "choice" }>;

/** The second answer that is no option goes to a person. */
const MAX_MISSES = 2;

/** Asks, unless the answer is known already. */
export function ask(walk: Walk, step: AskStep): Outcome {
  const before = step.save === null ? undefined : valueAt(walk.values, step.save);
  if (step.save !== null && isKnown(before)) {
    journal(walk, "step.ask", `Did not ask “${text(walk, step.text)}”, because ${step.save} was known already`);
    const option = step.options.find((option) => option.id === before);
    return option === undefined ? next : choose(walk, option);
  }
  const prompt = mint(walk);
  const count = step.options.length;
  const person = step.person ? " and a person" : "";
  journal(walk, "step.ask", `Asked “${text(walk, step.text)}” with ${count} option${count === 1 ? "" : "s"}${person}`);
  show(walk, step, { prompt, why: null, named: null });
  setAlarms(walk, prompt, step);
  return { kind: "wait", waiting: { kind: "choice", prompt, misses: 0, reminded: false } };
}

/** Reads the customer's answer to the question that was shown. */
export function answered(walk: Walk, step: AskStep, o: { waiting: Asked; reply: Reply }): Outcome {
  const { choice } = o.reply;
  if (choice.option === PERSON_OPTION && step.person) {
    cancelAlarms(walk, o.waiting.prompt, step);
    journal(walk, "answer.person", "The customer asked for a person");
    return escalate(walk, "asked");
  }
  if (isOpen(step)) return told(walk, step, o);
  const guessed = choice.option !== null && step.freeText === "refuse" && choice.via === "near_miss";
  const option = guessed ? undefined : step.options.find((option) => option.id === choice.option);
  if (option === undefined) return missed(walk, step, o);
  cancelAlarms(walk, o.waiting.prompt, step);
  journal(walk, "answer.choice", `The customer chose “${text(walk, option.label) || option.id}”`);
  const fault = step.save === null ? null : save(walk, step.save, option.id);
  return fault === null ? choose(walk, option) : failure(fault);
}

/** Without options any text is an answer. */
const isOpen = ({ options }: AskStep): boolean => options.length === 0;

/** Keeps the answer to an open question. */
function told(walk: Walk, step: AskStep, o: { waiting: Asked; reply: Reply }): Outcome {
  const read = readText(o.reply.text);
  if (!read.ok) return missed(walk, step, o);
  cancelAlarms(walk, o.waiting.prompt, step);
  journal(walk, "answer.text", "The customer answered in their own words");
  const fault = step.save === null ? null : save(walk, step.save, read.value);
  return fault === null ? next : failure(fault);
}

function choose(walk: Walk, option: Option): Outcome {
  const fault = save(walk, "choice", option.id);
  if (fault !== null) return failure(fault);
  return option.then === null ? next : { kind: "into", steps: option.then };
}

/** For the journal: why an answer was none of the options. */
const MISSED: Readonly<Record<NoChoice, string>> = {
  no_prompt: "there was no question",
  reserved_word: "a word that the carrier acts on",
  empty: "nothing was written",
  out_of_range: "a number that was not offered",
  several_numbers: "more than one number",
  number_and_label_disagree: "its number and its words mean different options",
  ambiguous_label: "it could mean more than one",
  opposites: "it could mean an option or its contrary",
  free_text: "other words",
};

function missed(walk: Walk, step: AskStep, { waiting, reply }: { waiting: Asked; reply: Reply }): Outcome {
  const misses = waiting.misses + 1;
  const why = reply.choice.option === null ? reply.choice.why : "free_text";
  const read = MISSED[why];
  if (misses >= MAX_MISSES) {
    cancelAlarms(walk, waiting.prompt, step);
    journal(walk, "answer.miss", `No option was found in the answer again (${read}), so a person takes over`);
    return escalate(walk, "stuck");
  }
  journal(walk, "answer.miss", `No option was found in the answer (${read}), so asked once more`);
  show(walk, step, { prompt: waiting.prompt, ...again(walk, step, reply.choice) });
  return { kind: "wait", waiting: { ...waiting, misses } };
}

/** Says why the question is asked again, and which of its options are shown then. */
function again(walk: Walk, step: AskStep, choice: Choice): { why: string; named: readonly string[] | null } {
  const message = words(walk.facts.languages);
  if (isOpen(step)) return { why: message.field.text, named: null };
  if (choice.option === null && choice.why === "opposites") {
    return doubted(walk, numbered(walk, step.options, step.person), choice.candidates);
  }
  const range = walk.facts.buttons ? null : { lowest: step.person ? 0 : 1, highest: step.options.length };
  return { why: message.again(choice.option === null ? choice.why : "free_text", range), named: null };
}

/** An alarm of this question rang; null: it is not one of its alarms. */
export function askAlarm(walk: Walk, step: AskStep, o: { waiting: Asked; alarm: string }): Outcome | null {
  const { prompt } = o.waiting;
  if (o.alarm === giveUpAlarm(prompt)) {
    if (step.remindAfterMs !== null) walk.effects.push({ kind: "cancel_alarm", alarm: remindAlarm(prompt) });
    return giveUp(walk, step.onGiveUp);
  }
  if (o.alarm !== remindAlarm(prompt) || o.waiting.reminded) return null;
  journal(walk, "ask.reminded", "The customer had not answered, so asked once more");
  show(walk, step, { prompt, why: words(walk.facts.languages).reminder, named: null });
  return { kind: "wait", waiting: { ...o.waiting, reminded: true } };
}

function show(walk: Walk, step: AskStep, { prompt, why, named }: Showing): void {
  const question = text(walk, step.text);
  walk.effects.push({
    kind: "prompt",
    prompt,
    text: why === null ? question : `${why}\n\n${question}`,
    options: numbered(walk, step.options, step.person),
    named,
    field: null,
    sensitive: false,
    again: why !== null,
  });
}
