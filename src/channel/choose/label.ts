/** Finds the options whose label or alias a text means: wholly, by its beginning, or nearly. */
import type { NumberedOption } from "../../domain/option.ts";
import { distance } from "./distance.ts";
import { normalise, spellings, wordsOf } from "./normalise.ts";

/** One label or alias of an option, in the forms in which it is compared. */
export interface LabelKey {
  option: NumberedOption;
  /** Normalised, with its punctuation ("c++"). */
  exact: string;
  /** Letters and digits only, in each spelling ("ruckgabe", "rueckgabe"). */
  words: readonly string[];
}

/** A shorter beginning of a label may be the beginning of anything. */
const LEAST_PREFIX = 4;
/** A shorter label is one typing error away from too many other words. */
const LEAST_NEAR_LABEL = 5;
/** From this length on a label may have two errors in it. */
const LONG_LABEL = 8;
/** Shorter inputs are never near to anything. */
const LEAST_NEAR_INPUT = 4;

export function keysOf(options: readonly NumberedOption[]): LabelKey[] {
  return options.flatMap((option) =>
    [option.label, ...option.aliases].map((text) => {
      const exact = normalise(text);
      return { option, exact, words: spellings(exact).map(wordsOf) };
    }),
  );
}

/** The options that are called exactly so, punctuation included. */
export function exactly(keys: readonly LabelKey[], normalised: string): NumberedOption[] {
  return optionsOf(keys.filter((key) => key.exact === normalised));
}

/** The options called so but for accents, punctuation and spaces between words. */
export function called(keys: readonly LabelKey[], words: string): NumberedOption[] {
  if (words === "") return [];
  const joined = words.replaceAll(" ", "");
  return optionsOf(keys.filter((key) => key.words.some((form) => form.replaceAll(" ", "") === joined)));
}

/** The options of which a label begins so. */
export function beginning(keys: readonly LabelKey[], words: string): NumberedOption[] {
  if (words.length < LEAST_PREFIX) return [];
  return optionsOf(keys.filter((key) => key.words.some((form) => form.startsWith(words))));
}

/** The options that are nearest, if near enough: one for a clear winner, several where no one wins. */
export function near(keys: readonly LabelKey[], words: string, negations: ReadonlySet<string>): NumberedOption[] {
  if (words.length < LEAST_NEAR_INPUT) return [];
  let best = Number.POSITIVE_INFINITY;
  let nearest: LabelKey[] = [];
  for (const key of keys) {
    const errors = Math.min(...key.words.map((form) => errorsIn(words, form, negations)));
    if (errors > best || errors === Number.POSITIVE_INFINITY) continue;
    nearest = errors < best ? [key] : [...nearest, key];
    best = errors;
  }
  return optionsOf(nearest);
}

/** The number of typing errors that make `form` into `words`; infinite where they would change what is meant. */
function errorsIn(words: string, form: string, negations: ReadonlySet<string>): number {
  const limit = form.length < LEAST_NEAR_LABEL ? 0 : form.length < LONG_LABEL ? 1 : 2;
  const errors = limit === 0 ? 1 : distance(words, form, limit);
  if (errors > limit || !sameStart(words, form)) return Number.POSITIVE_INFINITY;
  const same = digitsOf(words) === digitsOf(form) && negationsIn(words, negations) === negationsIn(form, negations);
  return same ? errors : Number.POSITIVE_INFINITY;
}

/** "deactivate" is two letters from "activate": the first letter, which people rarely mistype, must be the same. */
function sameStart(left: string, right: string): boolean {
  return left[0] === right[0] || (left[0] === right[1] && left[1] === right[0]);
}

const digitsOf = (words: string): string => words.replace(/\D+/g, "");
const negationsIn = (words: string, negations: ReadonlySet<string>): number =>
  words.split(" ").filter((word) => negations.has(word)).length;

const optionsOf = (keys: readonly LabelKey[]): NumberedOption[] => [...new Set(keys.map((key) => key.option))];
