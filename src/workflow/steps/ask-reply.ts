import type { Choice, NoChoice } from "../../adapter/choice.ts";
import { PERSON_OPTION } from "../../domain/option.ts";
import type { StepOf } from "../definition.ts";
import { readTextAnswer } from "../field.ts";
import { cancelAlarms, giveUp, giveUpAlarm, remindAlarm } from "../prompt-alarms.ts";
import type { Reply, Wait } from "../run.ts";
import { sentencesFor } from "../sentences/sentences.ts";
import { doubted, numbered } from "../shown-options.ts";
import { escalate, failedStep, journalLine, next, type StepOutcome, save, text, type Walk, waitFor } from "../walk.ts";
import { chooseOption, show } from "./ask-prompt.ts";

type AskStep = StepOf<"ask">;
type Asked = Extract<Wait, { kind: "choice" }>;

/** After so many answers that are no option a person takes over, so that the question is not asked for ever. */
const MAX_MISSES = 2;

/** Reads the customer's answer to the question that was shown. */
export function onReply(walk: Walk, step: AskStep, o: { wait: Wait; reply: Reply }): StepOutcome | null {
  return o.wait.kind === "choice" ? answered(walk, step, { wait: o.wait, reply: o.reply }) : null;
}

function answered(walk: Walk, step: AskStep, o: { wait: Asked; reply: Reply }): StepOutcome {
  const { choice } = o.reply;
  if (choice.option === PERSON_OPTION && step.person) {
    cancelAlarms(walk, o.wait.prompt, step);
    journalLine(walk, "answer.person", "The customer asked for a person");
    return escalate(walk, "asked");
  }
  if (isOpen(step)) return told(walk, step, o);
  const guessed = choice.option !== null && step.freeText === "refuse" && choice.via === "near_miss";
  const option = guessed ? undefined : step.options.find((option) => option.id === choice.option);
  if (option === undefined) return missed(walk, step, o);
  cancelAlarms(walk, o.wait.prompt, step);
  journalLine(walk, "answer.choice", `The customer chose “${text(walk, option.label) || option.id}”`);
  const fault = step.save === null ? null : save(walk, step.save, option.id);
  return fault === null ? chooseOption(walk, option) : failedStep(fault);
}

/** Without options any text is an answer. */
const isOpen = ({ options }: AskStep): boolean => options.length === 0;

/** Keeps the answer to an open question. */
function told(walk: Walk, step: AskStep, o: { wait: Asked; reply: Reply }): StepOutcome {
  const read = readTextAnswer(o.reply.text);
  if (!read.ok) return missed(walk, step, o);
  cancelAlarms(walk, o.wait.prompt, step);
  journalLine(walk, "answer.text", "The customer answered in their own words");
  const fault = step.save === null ? null : save(walk, step.save, read.value);
  return fault === null ? next : failedStep(fault);
}

/** Reasons for which an answer is no option, for the journal. */
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

function missed(walk: Walk, step: AskStep, { wait, reply }: { wait: Asked; reply: Reply }): StepOutcome {
  const misses = wait.misses + 1;
  walk.missed = true;
  const why = reply.choice.option === null ? reply.choice.why : "free_text";
  const read = MISSED[why];
  if (misses >= MAX_MISSES) {
    cancelAlarms(walk, wait.prompt, step);
    journalLine(walk, "answer.miss", `No option was found in the answer again (${read}), so a person takes over`);
    return escalate(walk, "stuck");
  }
  journalLine(walk, "answer.miss", `No option was found in the answer (${read}), so asked once more`);
  show(walk, step, { prompt: wait.prompt, ...again(walk, step, reply.choice) });
  return waitFor({ ...wait, misses });
}

/** The reason for asking again, and the options to show then. */
function again(walk: Walk, step: AskStep, choice: Choice): { why: string; named: readonly string[] | null } {
  const message = sentencesFor(walk.facts.languages);
  if (isOpen(step)) return { why: message.field.text, named: null };
  if (choice.option === null && choice.why === "opposites") {
    return doubted(walk, numbered(walk, step.options, step.person), choice.candidates);
  }
  const range = walk.facts.buttons ? null : { lowest: step.person ? 0 : 1, highest: step.options.length };
  return { why: message.again(choice.option === null ? choice.why : "free_text", range), named: null };
}

/** Gives up, or asks once more; null: the alarm is not one of the question's. */
export function onAlarm(walk: Walk, step: AskStep, o: { wait: Wait; alarm: string }): StepOutcome | null {
  if (o.wait.kind !== "choice") return null;
  const { prompt } = o.wait;
  if (o.alarm === giveUpAlarm(prompt)) {
    if (step.remindAfterMs !== null) walk.effects.push({ kind: "cancel_alarm", alarm: remindAlarm(prompt) });
    return giveUp(walk, step.onGiveUp);
  }
  if (o.alarm !== remindAlarm(prompt) || o.wait.reminded) return null;
  journalLine(walk, "ask.reminded", "The customer had not answered, so asked once more");
  show(walk, step, { prompt, why: sentencesFor(walk.facts.languages).reminder, named: null });
  return waitFor({ ...o.wait, reminded: true });
}
