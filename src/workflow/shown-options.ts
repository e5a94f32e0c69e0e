/** Options as they are shown to the customer. */
import { type NumberedOption, PERSON_OPTION } from "../domain/option.ts";
import type { Option } from "./definition.ts";
import { sentencesFor } from "./sentences/sentences.ts";
import { rendered, text, type Walk } from "./walk.ts";

/** Details of showing a question: the reason for asking it again, and the ids of the options to show (null: all). */
export interface Showing {
  prompt: string;
  why: string | null;
  named: readonly string[] | null;
}

/** Numbers options 1, 2, 3 … in the order of the file, and 0 for a person if one is offered. */
export function numbered(walk: Walk, options: readonly Option[], person: boolean): NumberedOption[] {
  const shown = options.map((option, at): NumberedOption => {
    const label = text(walk, option.label) || option.id;
    const base = { n: at + 1, id: option.id, label, aliases: aliasesOf(walk, option, label) };
    return option.destructive ? { ...base, destructive: true } : base;
  });
  if (!person) return shown;
  return [...shown, { n: 0, id: PERSON_OPTION, label: sentencesFor(walk.facts.languages).person, aliases: [] }];
}

/** Texts that mean an option besides its label: its aliases, and its labels in other languages. */
function aliasesOf(walk: Walk, option: Option, label: string): readonly string[] {
  const labels = Object.values(option.label).map((template) => rendered(walk, template));
  return [...option.aliases, ...labels.filter((other) => other !== "" && other !== label)];
}

/** Asks which of two opposite options was meant: only these are shown, under their numbers, and a person if offered. */
export function doubted(
  walk: Walk,
  options: readonly NumberedOption[],
  candidates: readonly string[],
): { why: string; named: readonly string[] } {
  const named = options.filter(({ id }) => candidates.includes(id));
  const person = options.filter(({ n }) => n === 0);
  const why = sentencesFor(walk.facts.languages).didYouMean(named.map(({ label }) => label));
  return { why, named: [...named, ...person].map(({ id }) => id) };
}
