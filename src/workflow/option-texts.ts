import type { Option } from "./definition.ts";
import type { PlacedTexts } from "./step-definition.ts";

/** Labels of options, each with the keys that it may stand under. */
export function optionTexts(options: readonly Option[], parents: readonly string[]): readonly PlacedTexts[] {
  return options.map((option, index) => ({ texts: option.label, keys: optionKeys(parents, option.id, index) }));
}

/** Keys of an option's label, for `id: label`, `id: { label: … }` and items of a list. */
export function optionKeys(parents: readonly string[], id: string, index: number): readonly string[] {
  return parents.flatMap((parent) => [`${parent}.${id}.label`, `${parent}.${id}`, `${parent}.${index}.label`]);
}
