/** W112 to W114, W119: channels can show the options of a question, and the question is asked in the foreground. */
import type { Option, Step } from "./definition.ts";
import { find, placeOf, type Subject } from "./lint-subject.ts";
import { optionKeys } from "./option-texts.ts";
import type { Question } from "./step-definition.ts";
import { definitionOf } from "./step-kinds.ts";
import { TRIGGERS } from "./triggers.ts";

export function lintOptions(subject: Subject): void {
  const background = subject.workflow.triggers.find(({ on }) => TRIGGERS[on].ground === "background");
  for (const { step } of subject.steps) {
    const questions = definitionOf(step.kind).questions(step);
    if (questions === null) continue;
    if (background !== undefined) {
      const message = `a workflow on ${background.on} runs in the background; this question waits until nothing else holds the dialogue`;
      find(subject, step.position, "W119", message);
    }
    for (const question of questions) lintShown(subject, step, question);
  }
}

/** Existing channels that this workflow serves. */
function channelsOf({ workflow, world }: Subject) {
  return Object.entries(world.channels).filter(
    ([name]) => workflow.channels === null || workflow.channels.includes(name),
  );
}

function lintShown(subject: Subject, step: Step, { options, keys, person }: Question): void {
  const count = options.length + (person && options.length > 0 ? 1 : 0);
  for (const [name, can] of channelsOf(subject)) {
    if (count > can.options.max) {
      const message = `${count} options${person ? ", the person included," : ""} are more than ${name} shows at once (${can.options.max})`;
      find(subject, placeOf(subject, step, keys, "key"), "W112", message);
    }
  }
  for (const [index, option] of options.entries()) lintLabel(subject, step, { option, index, keys });
}

function lintLabel(
  subject: Subject,
  step: Step,
  { option, index, keys }: { option: Option; index: number; keys: readonly string[] },
): void {
  const at = placeOf(subject, step, optionKeys(keys, option.id, index));
  const fixed = Object.values(option.label)
    .filter(({ uses }) => uses.length === 0)
    .map(({ source }) => source.trim());
  for (const [name, can] of channelsOf(subject)) {
    const long = fixed.find((label) => charactersIn(label) > can.options.maxLabel);
    if (long !== undefined)
      find(
        subject,
        at,
        "W113",
        `${name} shows labels of ${can.options.maxLabel} characters, this has ${charactersIn(long)}`,
      );
  }
  for (const word of new Set([...fixed, ...option.aliases])) lintReserved(subject, at, word);
}

function lintReserved(subject: Subject, at: { line: number; column: number }, word: string): void {
  const bare = word
    .trim()
    .toLowerCase()
    .replace(/[.!?]+$/, "");
  const names = channelsOf(subject)
    .filter(([, can]) => can.reservedWords.includes(bare))
    .map(([name]) => name);
  if (names.length === 0) return;
  find(
    subject,
    at,
    "W114",
    `on ${names.join(", ")} the carrier keeps the word "${word}" for itself, so this answer never arrives; use another`,
  );
}

/** Length in code points, which the limits of channels count. */
const charactersIn = (text: string): number => Array.from(text).length;
