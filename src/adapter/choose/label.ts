/** Finds the options whose label or alias a text means: wholly, by its beginning, or nearly. */
import type { NumberedOption } from "../../domain/option.ts";
import { agrees, agreesSoFar } from "./agree.ts";
import { type Contraries, headless, plainWords } from "./contrary.ts";
import { distance, sameStart } from "./distance.ts";
import type { Lexicon } from "./lexicon.ts";
import { normalise, spellings, wordsOf } from "./normalise.ts";
import { asks } from "./question.ts";
import { twinsOf } from "./twins.ts";

/** One label or alias of an option, in the forms in which it is compared. */
export interface LabelKey {
  option: NumberedOption;
  /** Normalised, with its punctuation ("c++"). */
  exact: string;
  /** Letters and digits only, in each spelling ("ruckgabe", "rueckgabe"). */
  words: readonly string[];
  /** The same with every short form written out, with and without the subject at its head. */
  plain: readonly PlainForm[];
  /** True of a label that is a question itself ("Where is my order?"). */
  asks: boolean;
}

/** A text in which only its words count; `text` is `words`, joined by spaces. */
export interface PlainForm {
  text: string;
  words: readonly string[];
}

/** What a text may mean: the options that it agrees with, and those that look like it but may be the contrary. */
export interface Found {
  agreed: readonly NumberedOption[];
  opposed: readonly NumberedOption[];
}

/** A shorter beginning of a label may be the beginning of anything. */
const LEAST_PREFIX = 4;
/** A shorter label is one typing error away from too many other words. */
const LEAST_NEAR_LABEL = 5;
/** From this length on a label may have two errors in it. */
const LONG_LABEL = 8;
/** Shorter inputs are never near to anything. */
const LEAST_NEAR_INPUT = 4;

export function keysOf(options: readonly NumberedOption[], lexicon: Lexicon): LabelKey[] {
  return options.flatMap((option) =>
    [option.label, ...option.aliases].map((text) => {
      const exact = normalise(text);
      const words = spellings(exact).map(wordsOf);
      const plain = words.flatMap((form) => labelForms(form, lexicon.contraries));
      return { option, exact, words, plain, asks: asks(exact, words, lexicon) };
    }),
  );
}

/** A label's plain forms: people leave out its subject. What they typed keeps its own, for "ich" may be "nicht". */
function labelForms(words: string, contraries: Contraries): PlainForm[] {
  const whole = plainForm(words, contraries);
  const bare = headless(whole.words, contraries);
  return bare === whole.words ? [whole] : [whole, { text: bare.join(" "), words: bare }];
}

/** The plain form of words that `wordsOf` made. */
export function plainForm(words: string, contraries: Contraries): PlainForm {
  const plain = plainWords(words, contraries);
  return { text: plain.join(" "), words: plain };
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

/** The options called so where short forms are written out: "didn't help" is "It did not help". */
export function meaning(keys: readonly LabelKey[], { text }: PlainForm): NumberedOption[] {
  if (text === "") return [];
  return optionsOf(keys.filter((key) => key.plain.some((form) => form.text === text)));
}

/** The options of which a label begins so. */
export function beginning(keys: readonly LabelKey[], typed: PlainForm, { among, contraries: words }: Menu): Found {
  if (typed.text.length < LEAST_PREFIX) return { agreed: [], opposed: [] };
  const begun = keys.flatMap(({ option, plain }) =>
    plain.filter(({ text }) => text.startsWith(typed.text)).map((form) => ({ option, form })),
  );
  const agreed = begun.filter(({ option, form }) => {
    const twins = twinsOf(form, { option, among, words });
    return agreesSoFar(typed.words, form.words, { words, twins });
  });
  // "with" is a word of its own, whatever "without" begins with.
  const whole = begun.filter(({ form }) => `${form.text} `.startsWith(`${typed.text} `));
  const opposed = (agreed.length > 0 ? whole : begun).filter((hit) => !agreed.includes(hit));
  return { agreed: optionsOf(agreed), opposed: unlike(optionsOf(opposed), optionsOf(agreed)) };
}

/** The options that are nearest, if near enough: one for a clear winner, several where no one wins. */
export function near(keys: readonly LabelKey[], typed: PlainForm, { among, contraries: words }: Menu): Found {
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
  return { agreed, opposed: unlike(optionsOf(doubtful.filter(({ certain }) => !certain)), agreed) };
}

/** What the labels of a prompt are read against. */
export interface Menu {
  /** All labels of the prompt, so that a label's contrary is found. */
  among: readonly LabelKey[];
  contraries: Contraries;
}

/** The number of typing errors that make `form` into `words`; infinite where they would change what is meant. */
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
const unlike = (options: readonly NumberedOption[], others: readonly NumberedOption[]): NumberedOption[] =>
  options.filter((option) => !others.includes(option));
