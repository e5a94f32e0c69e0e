import { type NumberedOption, PERSON_OPTION } from "../domain/option.ts";
import type { Option } from "./definition.ts";
import { rendered, text, type Walk } from "./walk.ts";
import { words } from "./words.ts";

/** How a question is put: why it is put again, and which of its options are shown. */
export interface Showing {
  prompt: string;
  why: string | null;
  named: readonly string[] | null;
}

/** Numbers options 1, 2, 3 … in the order of the file, and 0 for a person where one is offered. */
export function numbered(walk: Walk, options: readonly Option[], person: boolean): NumberedOption[] {
  const shown = options.map((option, at): NumberedOption => {
    const label = text(walk, option.label) || option.id;
    const base = { n: at + 1, id: option.id, label, aliases: aliasesOf(walk, option, label) };
    return option.destructive ? { ...base, destructive: true } : base;
  });
  if (!person) return shown;
  return [...shown, { n: 0, id: PERSON_OPTION, label: words(walk.facts.languages).person, aliases: [] }];
}

/** Whoever answers in another language than the one shown means the same option. */
function aliasesOf(walk: Walk, option: Option, label: string): readonly string[] {
  const labels = Object.values(option.label).map((template) => rendered(walk, template));
  return [...option.aliases, ...labels.filter((other) => other !== "" && other !== label)];
}

/** Of two contraries neither was chosen: they are shown alone, with the numbers that they had, and a person if offered. */
export function doubted(
  walk: Walk,
  options: readonly NumberedOption[],
  candidates: readonly string[],
): { why: string; named: readonly string[] } {
  const named = options.filter(({ id }) => candidates.includes(id));
  const person = options.filter(({ n }) => n === 0);
  const why = words(walk.facts.languages).didYouMean(named.map(({ label }) => label));
  return { why, named: [...named, ...person].map(({ id }) => id) };
}
