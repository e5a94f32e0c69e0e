import { type Entry, fault, readBoolean, readDuration, readOneOf } from "../../language/yaml-entry.ts";
import { readTexts } from "../../language/yaml-language.ts";
import type { StepBase, StepOf } from "../definition.ts";
import { find, placeOf, type Subject } from "../lint-subject.ts";
import { optionTexts } from "../option-texts.ts";
import { readSave } from "../parse-given.ts";
import { readOptions } from "../parse-options.ts";
import { OPEN, type Setting, type Source } from "../setting.ts";
import { none, type StepDefinition, waitsFirst } from "../step-definition.ts";
import { built, optional, type StepEntry } from "../step-entry.ts";
import { askQuestion } from "./ask-prompt.ts";
import { onAlarm, onReply } from "./ask-reply.ts";

type AskStep = StepOf<"ask">;

/** `ask:` puts a question with numbered options, or one that any text answers. */
export const askStep: StepDefinition<"ask"> = {
  keys: ["save", "options", "free_text", "person", "remind_after", "give_up_after", "on_give_up"],
  parse,
  children: (step) => [...step.options.map((option) => option.then ?? []), step.onGiveUp ?? []],
  texts: (step) => [{ texts: step.text, keys: ["ask"] }, ...optionTexts(step.options, ["options"])],
  readers: none,
  settings,
  questions: ({ options, person, save }) => [
    { options, keys: ["options"], person, freeText: options.length === 0, saves: save, sensitive: false },
  ],
  flow: waitsFirst,
  lint: lintWayOut,
  run: askQuestion,
  onReply,
  onAlarm,
};

function parse({ value, fields, base, readSteps }: StepEntry): AskStep | null {
  const rest: Omit<AskStep, keyof StepBase | "kind" | "text"> = {
    save: optional(fields, "save", readSave),
    options: optional(fields, "options", (entry) => readOptions(entry, readSteps)) ?? [],
    freeText: optional(fields, "free_text", (entry) => readOneOf(entry, ["match", "refuse"], ["model"])) ?? "match",
    person: optional(fields, "person", readBoolean) ?? true,
    remindAfterMs: optional(fields, "remind_after", readDuration),
    giveUpAfterMs: optional(fields, "give_up_after", readDuration),
    onGiveUp: optional(fields, "on_give_up", readSteps),
  };
  checkTimes(fields.get("remind_after"), rest);
  return built(readTexts(value), (text) => ({ ...base, kind: "ask", text, ...rest }));
}

function checkTimes(
  remind: Entry | undefined,
  { remindAfterMs, giveUpAfterMs }: Pick<AskStep, "remindAfterMs" | "giveUpAfterMs">,
): void {
  if (remind === undefined || remindAfterMs === null || giveUpAfterMs === null || remindAfterMs < giveUpAfterMs) return;
  fault(remind, "013", "remind_after: must be shorter than give_up_after:");
}

function settings(step: AskStep): readonly Setting[] {
  const words = step.options.map(({ id }) => id);
  const source: Source = words.length === 0 ? OPEN : { kind: "words", words };
  return [...(step.save === null ? [] : [{ path: step.save, source }]), { path: "choice", source }];
}

/** W111: the customer can answer the question, or leave it in another way. */
function lintWayOut(subject: Subject, step: AskStep): void {
  const open = step.person || step.giveUpAfterMs !== null || step.freeText === "match";
  const answerable = step.options.length > 0 || step.freeText === "match";
  if (open && answerable) return;
  const message = answerable
    ? "this question has no way out: allow a person, add give_up_after:, or let free_text: match"
    : "this question cannot be answered: it has no options and refuses free text";
  find(subject, placeOf(subject, step, ["ask"], "key"), "W111", message);
}
