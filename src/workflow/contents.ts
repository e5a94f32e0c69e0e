import type { Expression, Template } from "../language/expression.ts";
import type { Option, Step, Texts } from "./definition.ts";
import { templatesIn } from "./given.ts";

/** A text of a step, and the keys under the step that it may stand under. */
export interface PlacedTexts {
  texts: Texts;
  keys: readonly string[];
}

/** Every text for customers that a step holds itself, not those of the steps under it. */
export function textsOf(step: Step): readonly PlacedTexts[] {
  switch (step.kind) {
    case "say":
      return [
        { texts: step.text, keys: ["say"] },
        ...Object.entries(step.perChannel).map(([name, texts]) => ({ texts, keys: [`per_channel.${name}`] })),
      ];
    case "ask":
      return [{ texts: step.text, keys: ["ask"] }, ...labels(step.options, ["options"])];
    case "collect":
      return step.fields.flatMap((field) => [
        { texts: field.ask, keys: under(field.name, "ask") },
        ...(field.checkSay === null ? [] : [{ texts: field.checkSay, keys: under(field.name, "check_say") }]),
        ...labels(field.options, under(field.name, "options")),
      ]);
    case "handoff":
      return step.say === null ? [] : [{ texts: step.say, keys: ["say"] }];
    case "close":
      return step.say === null ? [] : [{ texts: step.say, keys: ["close.say", "say"] }];
    case "if":
    case "switch":
    case "set":
    case "tag":
    case "note":
    case "use":
    case "workflow":
    case "wait":
    case "goto":
    case "stop":
      return [];
  }
}

/** `collect:` may have its fields under it or beside it. */
function under(field: string, key: string): readonly string[] {
  return [`collect.fields.${field}.${key}`, `fields.${field}.${key}`];
}

function labels(options: readonly Option[], parents: readonly string[]): readonly PlacedTexts[] {
  return options.map((option, index) => ({
    texts: option.label,
    keys: optionKeys(parents, option.id, index).map(String),
  }));
}

/** Where an option's label may stand: `id: label`, `id: { label: … }`, or an item of a list. */
export function optionKeys(parents: readonly string[], id: string, index: number): readonly string[] {
  return parents.flatMap((parent) => [`${parent}.${id}.label`, `${parent}.${id}`, `${parent}.${index}.label`]);
}

/** Every list of options a step shows, with the keys it stands under. */
export function optionListsOf(
  step: Step,
): readonly { options: readonly Option[]; keys: readonly string[]; person: boolean }[] {
  if (step.kind === "ask") return [{ options: step.options, keys: ["options"], person: step.person }];
  if (step.kind !== "collect") return [];
  const fields = step.fields.filter((field) => field.options.length > 0);
  return fields.map((field) => ({ options: field.options, keys: under(field.name, "options"), person: true }));
}

/** Every expression and template a step reads itself. */
export function readersOf(step: Step): readonly (Expression | Template)[] {
  const own = textsOf(step).flatMap(({ texts }) => Object.values(texts));
  return [...(step.if === null ? [] : [step.if]), ...own, ...othersOf(step)];
}

/** The conditions among them. */
export function expressionsOf(step: Step): readonly Expression[] {
  return readersOf(step).filter((reader): reader is Expression => "comparisons" in reader);
}

function othersOf(step: Step): readonly (Expression | Template)[] {
  switch (step.kind) {
    case "if":
      return [step.condition];
    case "switch":
      return [step.value];
    case "set":
      return Object.values(step.values).flatMap(templatesIn);
    case "use":
    case "workflow":
      return Object.values(step.with).flatMap(templatesIn);
    case "tag":
      return step.add;
    case "note":
      return [step.text];
    case "handoff":
      return step.summary === null ? [] : [step.summary];
    case "collect":
      return step.fields.flatMap((field) => (field.check === null ? [] : [field.check]));
    case "say":
    case "ask":
    case "wait":
    case "close":
    case "goto":
    case "stop":
      return [];
  }
}
