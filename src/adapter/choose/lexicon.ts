/** Compiles the words of the prompt's languages once into the patterns that `choose` uses. */
import { type Contraries, contrariesIn } from "./contrary.ts";
import { englishAnswers } from "./english.ts";
import { germanAnswers } from "./german.ts";
import type { PlainForm } from "./label-key.ts";
import type { ChoiceLanguage } from "./language.ts";
import { spellings } from "./normalise.ts";

const LANGUAGES: readonly ChoiceLanguage[] = [englishAnswers, germanAnswers];

/** Placeholder value of "the last one" until it is looked up in the prompt. */
export const LAST = Number.POSITIVE_INFINITY;

export interface Lexicon {
  /** Matches a whole text that names one number, in a group `digits`, `marked`, `ordinal`, `ordinalWord` or `word`. */
  number: RegExp;
  /** Matches a leading number in `digits`, `marked` or `word`; `rest` is what follows, and never begins with a digit. */
  headed: RegExp;
  /** The values of number words and ordinals. */
  values: ReadonlyMap<string, number>;
  /** Words that may stand around several numbers. */
  between: ReadonlySet<string>;
  /** Words of politeness. */
  courtesies: ReadonlySet<string>;
  /** One courtesy or lead at the start of a text. */
  opening: RegExp;
  /** One courtesy at its end. */
  closing: RegExp;
  /** One trailing word that does not change the meaning. */
  tail: RegExp;
  /** A leading article. */
  article: RegExp;
  /** The beginning of a question. */
  question: RegExp;
  person: RegExp;
  /** Words whose near-miss is a request for a person. */
  personWords: readonly PlainForm[];
  contraries: Contraries;
}

const compiled = new Map<string, Lexicon>();

/** Returns the compiled words of these languages; unknown tags are skipped. */
export function lexiconOf(tags: readonly string[]): Lexicon {
  const known = LANGUAGES.filter((language) => tags.some((tag) => tag.split("-")[0]?.toLowerCase() === language.tag));
  const key = known.map((language) => language.tag).join();
  const lexicon = compiled.get(key) ?? compile(known);
  compiled.set(key, lexicon);
  return lexicon;
}

/** True when a lower-case line was added by a mail or phone app, in any of our languages: a phone has its own. */
export function isSignatureLine(line: string): boolean {
  return SIGNATURES.some((beginning) => line.startsWith(beginning));
}

/** Characters between a number and its label, for a character class. */
const SEPARATORS = String.raw`\s\-–—.):,\]`;

const SIGNATURES = LANGUAGES.flatMap((language) => language.signatures);

function compile(languages: readonly ChoiceLanguage[]): Lexicon {
  const all = (pick: (language: ChoiceLanguage) => readonly string[]) => languages.flatMap(pick).flatMap(spellings);
  const person = (pick: (words: ChoiceLanguage["person"]) => readonly string[]) => all(({ person }) => pick(person));
  const numbers = valuesOf(
    languages.map((language) => language.numbers),
    0,
  );
  const ordinals = valuesOf(
    languages.map((language) => language.ordinals),
    1,
  );
  for (const word of all((language) => language.last)) ordinals.set(word, LAST);

  const nouns = any(all((language) => language.nouns));
  const article = any(all((language) => language.articles));
  const numberArticle = any(all((language) => language.numberArticles));
  const sign = `${any([...all((language) => [...language.nouns, ...language.signs]), "#"])}[.:#]{0,3} ?#?`;
  const suffix = any(all((language) => language.ordinalSuffixes));
  const after = any(all((language) => [...language.nouns, ...language.pronouns]));

  const bare = `(?:${numberArticle} )?(?<digits>\\d{1,2})`;
  const marked = `(?:${article} )?${sign}(?<marked>\\d{1,3})`;
  const word = `(?:(?:${article} )?${nouns}:? |${numberArticle} )?(?<word>${any([...numbers.keys()])})`;
  const ordinal = `(?:${article} )?(?:(?<ordinal>\\d{1,2})-?${suffix}|(?<ordinalWord>${any([...ordinals.keys()])}))(?: ${after})?`;

  const courtesy = any(all((language) => language.courtesies));
  const opening = any(all((language) => [...language.courtesies, ...language.leads]));
  return {
    number: new RegExp(`^(?:${bare}|${marked}|${ordinal}|${word})$`, "u"),
    headed: new RegExp(
      `^(?:${bare}|${marked}|${word})(?![\\d\\p{L}])[${SEPARATORS}]*(?<rest>[^\\d${SEPARATORS}].*)$`,
      "u",
    ),
    values: new Map([...numbers, ...ordinals]),
    between: new Set(all((language) => [...language.connectives, ...language.nouns, ...language.articles])),
    courtesies: new Set(all((language) => language.courtesies)),
    opening: new RegExp(`^${opening}[ ,.!:]+(?=\\S)`, "u"),
    closing: new RegExp(`(?<=\\S)[ ,.!]+${courtesy}$`, "u"),
    tail: new RegExp(` ${any(all((language) => language.tails))}$`, "u"),
    article: new RegExp(`^${article} (?=\\S)`, "u"),
    question: questionPattern(languages.flatMap(({ questions }) => questions)),
    person: personPattern(person),
    personWords: person((words) => words.words).map((text) => ({ text, words: text.split(" ") })),
    contraries: contrariesIn(languages.map((language) => language.polarity)),
  };
}

function questionPattern(questions: ChoiceLanguage["questions"]): RegExp {
  const forms = questions.map(({ words, before }) => {
    const first = any(words.flatMap(spellings));
    return before === undefined ? first : `${first} ${any(before.flatMap(spellings))}`;
  });
  return new RegExp(`^(?:${["(?!)", ...forms].join("|")})(?= |$)`, "u");
}

function personPattern(person: (pick: (words: ChoiceLanguage["person"]) => readonly string[]) => string[]): RegExp {
  const request = any(person((words) => words.requests));
  const articles = `(?:${any(person((words) => words.articles))} ){0,2}`;
  const asked = any(person((words) => [...words.words, ...words.afterRequest]));
  const closing = `(?: ${any(person((words) => words.closings))})?`;
  return new RegExp(
    `^(?:${articles}${any(person((words) => words.words))}|${request} ${articles}${asked}${closing})$`,
    "u",
  );
}

function valuesOf(tables: readonly (readonly (readonly string[])[])[], first: number): Map<string, number> {
  const entries = tables.flatMap((table) =>
    table.flatMap((words, at) => words.flatMap(spellings).map((word): [string, number] => [word, at + first])),
  );
  return new Map(entries);
}

/** Returns a group of alternatives, longest first; for no words, one that never matches. */
function any(words: readonly string[]): string {
  if (words.length === 0) return "(?!)";
  const longest = [...new Set(words)].sort((left, right) => right.length - left.length).map(escaped);
  return `(?:${longest.join("|")})`;
}

const escaped = (word: string): string => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
