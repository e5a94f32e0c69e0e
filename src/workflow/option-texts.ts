import type { Option } from "./definition.ts";
import type { PlacedTexts } from "./steps/step-definition.ts";

/** Labels of options, and the keys that each may stand under. */
export function optionTexts(options: readonly Option[], parents: readonly string[]): readonly PlacedTexts[] {
  return options.map((option, index) => ({ texts: option.label, keys: optionKeys(parents, option.id, index) }));
}

/** The places of an option's label: `id: label`, `id: { label: … }`, or an item of a list. */
export function optionKeys(parents: readonly string[], id: string, index: number): readonly string[] {
  return parents.flatMap((parent) => [`${parent}.${id}.label`, `${parent}.${id}`, `${parent}.${index}.label`]);
}
