/** Fills in a form, one field at a time. "Back" goes to the field before. */
import { type NumberedOption, PERSON_OPTION } from "../../domain/option.ts";
import type { Field, StepOf } from "../definition.ts";
import { readField } from "../field.ts";
import { cancelAlarms, giveUp, giveUpAlarm, setAlarms } from "../prompt-alarms.ts";
import type { Reply, Wait } from "../run.ts";
import { sentencesFor } from "../sentences/sentences.ts";
import { doubted, numbered, type Showing } from "../shown-options.ts";
import { isKnown, merged, valueAt } from "../values.ts";
import {
  escalate,
  evaluated,
  failedStep,
  journalLine,
  mint,
  next,
  type StepOutcome,
  save,
  saveAll,
  text,
  type Walk,
  waitFor,
} from "../walk.ts";
import { isBack } from "./collect-back.ts";

type CollectStep = StepOf<"collect">;
type Asked = Extract<Wait, { kind: "field" }>;
type Collected = Asked["collected"];

/** Asks for the first field that is not known yet; saves the answers if none is left. */
export function collect(walk: Walk, step: CollectStep): StepOutcome {
  return askFrom(walk, step, { from: 0, collected: {} });
}

function askFrom(
  walk: Walk,
  step: CollectStep,
  { from, collected }: { from: number; collected: Collected },
): StepOutcome {
  for (const [at, field] of step.fields.entries()) {
    if (at < from || Object.hasOwn(collected, field.name)) continue;
    if (isKnown(valueAt(walk.values, pathOf(step, field)))) {
      journalLine(walk, "step.collect", `Did not ask for ${field.name}, because it was known already`);
      continue;
    }
    const prompt = mint(walk);
    journalLine(walk, "step.collect", `Asked for ${field.name}: “${text(walk, field.ask)}”`);
    show(walk, field, { prompt, why: null, named: null });
    setAlarms(walk, prompt, step);
    return waitFor({ kind: "field", prompt, field: at, misses: 0, collected });
  }
  const fault = keep(walk, step, collected);
  return fault === null ? next : failedStep(fault);
}

/** Saves the answers. Returns the reason if that is not possible, or null. */
function keep(walk: Walk, step: CollectStep, collected: Asked["collected"]): string | null {
  if (step.save === null) return saveAll(walk, collected);
  return save(walk, step.save, merged(valueAt(walk.values, step.save), collected));
}

/** Hands over to a person, with the answers so far. */
function givenUp(walk: Walk, step: CollectStep, o: { wait: Asked; escalation: "asked" | "stuck" }): StepOutcome {
  cancelAlarms(walk, o.wait.prompt, step);
  keep(walk, step, o.wait.collected);
  return escalate(walk, o.escalation);
}

/** The dotted path that a field is saved under. */
export function pathOf({ save }: CollectStep, { name }: Field): string {
  return save === null ? name : `${save}.${name}`;
}

/** Reads the customer's answer to one field. */
export function onReply(walk: Walk, step: CollectStep, o: { wait: Wait; reply: Reply }): StepOutcome | null {
  return o.wait.kind === "field" ? filledIn(walk, step, { wait: o.wait, reply: o.reply }) : null;
}

function filledIn(walk: Walk, step: CollectStep, { wait, reply }: { wait: Asked; reply: Reply }): StepOutcome {
  const field = step.fields[wait.field];
  if (field === undefined) return failedStep(`The form has no field number ${wait.field + 1} any more.`);
  if (reply.choice.option === PERSON_OPTION) {
    journalLine(walk, "answer.person", "The customer asked for a person");
    return givenUp(walk, step, { wait, escalation: "asked" });
  }
  const read = readField(field, reply, walk.facts);
  if (!read.ok && isBack(reply.text)) return reopen(walk, step, { wait, field });
  if (field.type === "text" && isBack(reply.text)) return reopen(walk, step, { wait, field });
  const message = sentencesFor(walk.facts.languages);
  if (!read.ok) {
    const { choice } = reply;
    const doubt = choice.option === null && choice.why === "opposites" ? choice.candidates : [];
    const again = doubt.length === 0 ? null : doubted(walk, optionsOf(walk, field), doubt);
    return missed(walk, step, { wait, field, ...(again ?? { why: message.field[field.type] }) });
  }
  const seen = { ...wait.collected, value: read.value };
  if (field.check !== null && evaluated(walk, field.check, seen) !== true) {
    const why = field.checkSay === null ? message.field.id : text(walk, field.checkSay);
    return missed(walk, step, { wait, field, why });
  }
  cancelAlarms(walk, wait.prompt, step);
  journalLine(walk, "answer.field", `The customer gave ${field.name}`);
  walk.taken++;
  return askFrom(walk, step, { from: 0, collected: { ...wait.collected, [field.name]: read.value } });
}

function reopen(walk: Walk, step: CollectStep, { wait, field }: { wait: Asked; field: Field }): StepOutcome {
  const earlier = step.fields.slice(0, wait.field).findLast(({ name }) => Object.hasOwn(wait.collected, name));
  if (earlier === undefined) {
    return missed(walk, step, { wait, field, why: sentencesFor(walk.facts.languages).nothingBefore });
  }
  cancelAlarms(walk, wait.prompt, step);
  journalLine(walk, "answer.back", `The customer went back to ${earlier.name}`);
  walk.taken++;
  const { [earlier.name]: _dropped, ...collected } = wait.collected;
  return askFrom(walk, step, { from: step.fields.indexOf(earlier), collected });
}

interface Miss {
  wait: Asked;
  field: Field;
  why: string;
  /** Ids of the options to show; left out for all. */
  named?: readonly string[];
}

function missed(walk: Walk, step: CollectStep, o: Miss): StepOutcome {
  const misses = o.wait.misses + 1;
  walk.missed = true;
  if (misses > o.field.retries) {
    journalLine(walk, "answer.miss", `The answer did not fit ${o.field.name} again, so a person takes over`);
    return givenUp(walk, step, { wait: o.wait, escalation: "stuck" });
  }
  journalLine(walk, "answer.miss", `The answer did not fit ${o.field.name}, so asked once more`);
  show(walk, o.field, { prompt: o.wait.prompt, why: o.why, named: o.named ?? null });
  return waitFor({ ...o.wait, misses });
}

/** Gives up; null: the alarm is not one of the form's. */
export function onAlarm(walk: Walk, step: CollectStep, o: { wait: Wait; alarm: string }): StepOutcome | null {
  if (o.wait.kind !== "field") return null;
  return o.alarm === giveUpAlarm(o.wait.prompt) ? giveUp(walk, step.onGiveUp) : null;
}

function show(walk: Walk, field: Field, { prompt, why, named }: Showing): void {
  const question = text(walk, field.ask);
  walk.effects.push({
    kind: "prompt",
    prompt,
    text: why === null || why === "" ? question : `${why}\n\n${question}`,
    options: optionsOf(walk, field),
    named,
    field: field.type,
    sensitive: field.sensitive,
    again: why !== null,
  });
}

function optionsOf(walk: Walk, field: Field): NumberedOption[] {
  if (field.type === "choice") return numbered(walk, field.options, true);
  if (field.type !== "yes_no") return [];
  const { yes, no } = sentencesFor(walk.facts.languages);
  return [
    { n: 1, id: "yes", label: yes, aliases: [] },
    { n: 2, id: "no", label: no, aliases: [] },
  ];
}
