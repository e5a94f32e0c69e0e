import { isMap } from "yaml";
import { fault, readDuration, readFields } from "../../language/yaml-entry.ts";
import { isNothing } from "../../language/yaml-file.ts";
import type { Field, StepOf } from "../definition.ts";
import { optionTexts } from "../option-texts.ts";
import { readSave } from "../parse-given.ts";
import { OPEN, type Setting } from "../setting.ts";
import { type PlacedTexts, type Question, type StepDefinition, waitsFirst } from "../step-definition.ts";
import { optional, type StepEntry } from "../step-entry.ts";
import { readFormFields } from "./collect-fields.ts";
import { collect, onAlarm, onReply, pathOf } from "./collect-form.ts";

type CollectStep = StepOf<"collect">;

/** `collect:` asks for several fields, one after another. */
export const collectStep: StepDefinition<"collect"> = {
  keys: ["fields", "save", "give_up_after", "on_give_up"],
  parse,
  children: (step) => [step.onGiveUp ?? []],
  texts: (step) => step.fields.flatMap(textsOf),
  readers: (step) => step.fields.flatMap(({ check }) => (check === null ? [] : [check])),
  settings: (step) =>
    step.fields.map((field) => ({
      path: pathOf(step, field),
      source: field.type === "choice" ? { kind: "words", words: field.options.map(({ id }) => id) } : OPEN,
    })),
  questions: (step) => step.fields.map((field) => questionOf(step, field)),
  flow: waitsFirst,
  ownValues,
  run: collect,
  onReply,
  onAlarm,
};

/** Reads `collect:` with its keys under it, or beside it. */
function parse({ value, fields, base, readSteps }: StepEntry): CollectStep | null {
  const inner = isMap(value.node) ? readFields(value, { what: "collect:", known: collectStep.keys }) : null;
  if (inner === null && !isNothing(value.node))
    return isMap(value.node) ? null : fault(value, "007", "collect: has its fields: under it, and no value of its own");
  const all = new Map([...fields, ...(inner ?? [])]);
  const listed = all.get("fields");
  if (listed === undefined) return fault(value, "006", "collect: needs fields:", "key");
  const read = readFormFields(listed, readSteps);
  const rest = {
    save: optional(all, "save", readSave),
    giveUpAfterMs: optional(all, "give_up_after", readDuration),
    onGiveUp: optional(all, "on_give_up", readSteps),
  };
  return read === null ? null : { ...base, kind: "collect", fields: read, ...rest };
}

function textsOf(field: Field): readonly PlacedTexts[] {
  return [
    { texts: field.ask, keys: under(field, "ask") },
    ...(field.checkSay === null ? [] : [{ texts: field.checkSay, keys: under(field, "check_say") }]),
    ...optionTexts(field.options, under(field, "options")),
  ];
}

/** Keys of a part of a field; `fields:` may stand under `collect:` or beside it. */
function under({ name }: Field, key: string): readonly string[] {
  return [`collect.fields.${name}.${key}`, `fields.${name}.${key}`];
}

function questionOf(step: CollectStep, field: Field): Question {
  return {
    options: field.options,
    keys: under(field, "options"),
    person: true,
    freeText: field.type === "text",
    saves: pathOf(step, field),
    sensitive: field.sensitive,
  };
}

/** A field's check can read `value`, and a field's question the answers before it. */
function ownValues({ fields, save }: CollectStep): readonly Setting[] {
  const names = ["value", ...fields.map(({ name }) => name), ...(save === null ? [] : [save])];
  return names.map((path) => ({ path, source: OPEN }));
}
