/** Negations and opposites, compiled from the language tables, and the plain words of a text to compare with them. */
import type { Polarity } from "./language.ts";
import { spellings } from "./normalise.ts";

/** The words of `Polarity`, without accents and ready to be looked up. */
export interface Contraries {
  negations: ReadonlySet<string>;
  /** Words whose misspelling may negate: the negations, and the contractions that contain one. */
  negating: readonly string[];
  shortFor: ReadonlyMap<string, readonly string[]>;
  /** The second words of two-word short forms ("w o"). */
  seconds: ReadonlySet<string>;
  contraries: ReadonlyMap<string, readonly string[]>;
  /** Each pair both ways. */
  prefixes: readonly (readonly [string, string])[];
  fillers: ReadonlySet<string>;
  subjects: ReadonlySet<string>;
  assents: ReadonlySet<string>;
  denials: ReadonlySet<string>;
  catchAlls: ReadonlySet<string>;
}

/** After removing a prefix, fewer letters than this mean that it was none ("un|it"). */
const LEAST_STEM = 4;

export function contrariesIn(languages: readonly Polarity[]): Contraries {
  const all = (pick: (polarity: Polarity) => readonly string[]) => languages.flatMap(pick).flatMap(spellings);
  const negations = new Set(all((polarity) => polarity.negations));
  const shortFor = new Map(languages.flatMap((polarity) => Object.entries(polarity.shortFor)).flatMap(shortForms));
  const negated = [...shortFor].filter(([, long]) => long.some((word) => negations.has(word)));
  const pairs = [
    ...languages.flatMap(({ contraries }) => contraries),
    ...negated.flatMap(([short, [first]]): [string, string][] => (first === undefined ? [] : [[first, short]])),
  ];
  return {
    negations,
    negating: [...negations, ...negated.map(([short]) => short)],
    shortFor,
    seconds: new Set([...shortFor.keys()].flatMap((short) => short.split(" ")[1] ?? [])),
    contraries: bothWays(pairs),
    prefixes: languages.flatMap(({ contraryPrefixes }) =>
      contraryPrefixes.flatMap(([one, other]): [string, string][] => [
        [one, other],
        [other, one],
      ]),
    ),
    fillers: new Set(all((polarity) => polarity.fillers)),
    subjects: new Set(all((polarity) => polarity.subjects)),
    assents: new Set(all((polarity) => polarity.assents)),
    denials: new Set(all((polarity) => polarity.denials)),
    catchAlls: new Set(all((polarity) => polarity.catchAlls)),
  };
}

/** Adds "didn t" for "didnt": an apostrophe that was typed as a space or an accent. */
function shortForms([short, long]: [string, string]): [string, readonly string[]][] {
  const words = long.split(" ");
  const apart: [string, readonly string[]][] = short.endsWith("nt") ? [[`${short.slice(0, -1)} t`, words]] : [];
  return [[short, words], ...apart];
}

function bothWays(pairs: readonly (readonly [string, string])[]): Map<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const put = (word: string, contrary: string) => found.set(word, [...(found.get(word) ?? []), contrary]);
  for (const [left, right] of pairs) {
    for (const word of spellings(left)) {
      for (const contrary of spellings(right)) {
        put(word, contrary);
        put(contrary, word);
      }
    }
  }
  return found;
}

/** Returns the words of a text with every short form written out: "cant" and "cannot" are both "can not". */
export function plainWords(words: string, { shortFor, seconds }: Contraries): string[] {
  const typed = words.split(" ").filter((word) => word !== "");
  const plain: string[] = [];
  for (let at = 0; at < typed.length; at++) {
    const word = typed[at] ?? "";
    const after = typed[at + 1] ?? "";
    const two = seconds.has(after) ? shortFor.get(`${word} ${after}`) : undefined;
    plain.push(...(two ?? shortFor.get(word) ?? [word]));
    if (two !== undefined) at++;
  }
  return plain;
}

/** Drops the subject that people leave out: "it did not help" becomes "did not help". */
export function withoutSubject(words: readonly string[], { subjects }: Contraries): readonly string[] {
  return words.length > 1 && subjects.has(words[0] ?? "") ? words.slice(1) : words;
}

/** Returns the opposites of a word that a prefix makes: "subscribe" of "unsubscribe". */
export function formedContraries(word: string, { prefixes }: Contraries): string[] {
  const formed: string[] = [];
  for (const [from, to] of prefixes) {
    if (word.length - from.length >= LEAST_STEM && word.startsWith(from)) formed.push(to + word.slice(from.length));
  }
  return formed;
}

export const areContrary = (left: string, right: string, words: Contraries): boolean =>
  words.contraries.get(left)?.includes(right) === true ||
  (left.slice(-LEAST_STEM) === right.slice(-LEAST_STEM) && formedContraries(left, words).includes(right));

export const isNegation = (word: string, { negations }: Contraries): boolean => negations.has(word);
