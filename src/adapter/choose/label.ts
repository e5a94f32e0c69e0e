/** Finds the options whose label or alias a text matches: whole, by its beginning, or nearly. */
import type { NumberedOption } from "../../domain/option.ts";
import { agrees, agreesSoFar } from "./agree.ts";
import { type Contraries, plainWords, withoutSubject } from "./contrary.ts";
import { distance, sameStart } from "./distance.ts";
import type { LabelKey, PlainForm } from "./label-key.ts";
import type { Lexicon } from "./lexicon.ts";
import { normalise, spellings, wordsOf } from "./normalise.ts";
import { isQuestion } from "./question.ts";
import { twinsOf } from "./twins.ts";

/** Matches of a text: the options that it agrees with, and those that look alike but may be the opposite. */
export interface Matches {
  agreed: readonly NumberedOption[];
  opposed: readonly NumberedOption[];
}

/** A shorter beginning of a label may begin anything. */
const LEAST_PREFIX = 4;
/** A shorter label is one typing error away from too many other words. */
const LEAST_NEAR_LABEL = 5;
/** From this length on, a label may have two typing errors. */
const LONG_LABEL = 8;
/** Shorter inputs are never near to anything. */
const LEAST_NEAR_INPUT = 4;

export function labelKeys(options: readonly NumberedOption[], lexicon: Lexicon): LabelKey[] {
  return options.flatMap((option) =>
    [option.label, ...option.aliases].map((text) => {
      const exact = normalise(text);
      const words = spellings(exact).map(wordsOf);
      const plain = words.flatMap((form) => labelForms(form, lexicon.contraries));
      return { option, exact, words, plain, isQuestion: isQuestion(exact, words, lexicon) };
    }),
  );
}

/** Returns a label's plain forms, with and without its subject. A typed text keeps its subject: "ich" may be "nicht". */
function labelForms(words: string, contraries: Contraries): PlainForm[] {
  const whole = plainForm(words, contraries);
  const bare = withoutSubject(whole.words, contraries);
  return bare === whole.words ? [whole] : [whole, { text: bare.join(" "), words: bare }];
}

/** Returns the plain form of a text from `wordsOf`. */
export function plainForm(words: string, contraries: Contraries): PlainForm {
  const plain = plainWords(words, contraries);
  return { text: plain.join(" "), words: plain };
}

/** Finds options by the exact label, punctuation included. */
export function findExact(keys: readonly LabelKey[], normalised: string): NumberedOption[] {
  return optionsOf(keys.filter((key) => key.exact === normalised));
}

/** Finds options by label, ignoring accents, punctuation and spaces between words. */
export function findByWords(keys: readonly LabelKey[], words: string): NumberedOption[] {
  if (words === "") return [];
  const joined = words.replaceAll(" ", "");
  return optionsOf(keys.filter((key) => key.words.some((form) => form.replaceAll(" ", "") === joined)));
}

/** Finds options by label with short forms written out: "didn't help" is "It did not help". */
export function findByPlainForm(keys: readonly LabelKey[], { text }: PlainForm): NumberedOption[] {
  if (text === "") return [];
  return optionsOf(keys.filter((key) => key.plain.some((form) => form.text === text)));
}

/** Finds options by the beginning of a label. */
export function findByBeginning(
  keys: readonly LabelKey[],
  typed: PlainForm,
  { among, contraries: words }: LabelSet,
): Matches {
  if (typed.text.length < LEAST_PREFIX) return { agreed: [], opposed: [] };
  const begun = keys.flatMap(({ option, plain }) =>
    plain.filter(({ text }) => text.startsWith(typed.text)).map((form) => ({ option, form })),
  );
  const agreed = begun.filter(({ option, form }) => {
    const twins = twinsOf(form, { option, among, words });
    return agreesSoFar(typed.words, form.words, { words, twins });
  });
  // "with" is a word of its own, though "without" begins with it.
  const whole = begun.filter(({ form }) => `${form.text} `.startsWith(`${typed.text} `));
  const opposed = (agreed.length > 0 ? whole : begun).filter((hit) => !agreed.includes(hit));
  return { agreed: optionsOf(agreed), opposed: without(optionsOf(opposed), optionsOf(agreed)) };
}

/** Finds the nearest options, if near enough: one if there is a clear winner, several if not. */
export function findNearest(
  keys: readonly LabelKey[],
  typed: PlainForm,
  { among, contraries: words }: LabelSet,
): Matches {
  if (typed.text.length < LEAST_NEAR_INPUT) return { agreed: [], opposed: [] };
  const hits = keys.flatMap(({ option, plain }) =>
    plain.flatMap((form) => {
      const errors = errorsIn(typed.text, form.text);
      if (errors === Number.POSITIVE_INFINITY) return [];
      const twins = twinsOf(form, { option, among, words });
      return [{ option, errors, certain: agrees(typed.words, form.words, { words, twins }) }];
    }),
  );
  const least = Math.min(...hits.map(({ errors }) => errors));
  const nearest = hits.filter(({ errors }) => errors === least);
  const agreed = optionsOf(nearest.filter(({ certain }) => certain));
  const doubtful = agreed.length > 0 ? nearest : hits;
  return { agreed, opposed: without(optionsOf(doubtful.filter(({ certain }) => !certain)), agreed) };
}

/** The labels of a prompt, with negations and opposites. */
export interface LabelSet {
  /** All labels of the prompt, to find a label's opposite. */
  among: readonly LabelKey[];
  contraries: Contraries;
}

/** Counts the typing errors that turn `form` into `words`; infinite if they would change the meaning. */
function errorsIn(words: string, form: string): number {
  const limit = form.length < LEAST_NEAR_LABEL ? 0 : form.length < LONG_LABEL ? 1 : 2;
  const errors = limit === 0 ? 1 : distance(words, form, limit);
  if (errors > limit || !sameStart(words, form)) return Number.POSITIVE_INFINITY;
  return digitsOf(words) === digitsOf(form) ? errors : Number.POSITIVE_INFINITY;
}

const digitsOf = (words: string): string => words.replace(/\D+/g, "");

const optionsOf = (keys: readonly { option: NumberedOption }[]): NumberedOption[] => [
  ...new Set(keys.map(({ option }) => option)),
];
const without = (options: readonly NumberedOption[], others: readonly NumberedOption[]): NumberedOption[] =>
  options.filter((option) => !others.includes(option));
