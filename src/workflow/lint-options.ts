/** W111 to W114, W119: questions that a channel can show, and that can be answered. */
import { optionKeys, optionListsOf } from "./contents.ts";
import type { Option, Step } from "./definition.ts";
import { find, placeOf, type Subject } from "./lint-subject.ts";
import { TRIGGERS } from "./triggers.ts";

type Shown = ReturnType<typeof optionListsOf>[number];

export function lintOptions(subject: Subject): void {
  const background = subject.workflow.triggers.find(({ on }) => TRIGGERS[on].ground === "background");
  for (const { step } of subject.steps) {
    if (step.kind === "ask") lintWayOut(subject, step);
    if ((step.kind === "ask" || step.kind === "collect") && background !== undefined) {
      const message = `a workflow on ${background.on} runs in the background; this question waits until nothing else holds the dialogue`;
      find(subject, step.position, "W119", message);
    }
    for (const shown of optionListsOf(step)) lintShown(subject, step, shown);
  }
}

function lintWayOut(subject: Subject, step: Extract<Step, { kind: "ask" }>): void {
  const open = step.person || step.giveUpAfterMs !== null || step.freeText === "match";
  const answerable = step.options.length > 0 || step.freeText === "match";
  if (open && answerable) return;
  const message = answerable
    ? "this question has no way out: allow a person, add give_up_after:, or let free_text: match"
    : "this question cannot be answered: it has no options and refuses free text";
  find(subject, placeOf(subject, step, ["ask"], "key"), "W111", message);
}

/** The channels that this workflow serves and that are there. */
function channelsOf({ workflow, world }: Subject) {
  return Object.entries(world.channels).filter(
    ([name]) => workflow.channels === null || workflow.channels.includes(name),
  );
}

function lintShown(subject: Subject, step: Step, shown: Shown): void {
  const { options, keys, person } = shown;
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

/** Code points, as the channels' limits count them. */
const charactersIn = (text: string): number => Array.from(text).length;
