/**
 * Numbers in words before a unit ("thirty percent", "zwei Monate"): a model could otherwise write an amount that it invents
 * in words. English and German, up to the thousands; words without a unit ("one moment please") count for nothing.
 */

const UNDER_TWENTY =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen";
const UNDER_TWENTY_GERMAN =
  "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn";
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety";
const TENS_WORDS_GERMAN = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig";

const counted = (words: string, value: (index: number) => number): [string, number][] =>
  words.split(" ").map((word, index) => [word, value(index)]);
const small = (index: number): number => index;
const tenfold = (index: number): number => (index + 2) * 10;

const ENGLISH = new Map([...counted(UNDER_TWENTY, small), ...counted(TENS, tenfold)]);
const UNITS_GERMAN = new Map([
  ...counted(UNDER_TWENTY_GERMAN, small),
  ...["eine", "einen", "einem", "einer", "eins"].map((word) => [word, 1] as const),
]);
const TENS_GERMAN = new Map(counted(TENS_WORDS_GERMAN, tenfold));

const WORD = `(?:${[...ENGLISH.keys(), "hundred", "thousand"].join("|")})`;
const PIECE = `(?:${[...UNITS_GERMAN.keys(), ...TENS_GERMAN.keys(), "hundert", "tausend", "und"].join("|")})`;
const UNIT =
  "(?:%|(?:percent|prozent|dollars?|euros?|usd|eur|pounds?|pfund|francs?|franken|cents?|hours?|days?|weeks?|months?|years?|stunden?|tagen?|tage?|wochen?|monate?n?|jahre?n?)(?![\\p{L}]))";
/** At most eight words of a number, and then a unit. */
const AMOUNTS = new RegExp(
  `(?<![\\p{L}\\p{N}])(${WORD}(?:(?:\\s|-|\\sand\\s){1,2}${WORD}){0,7}|${PIECE}{1,8})[\\s-]{1,2}(?:per\\s)?(?:${UNIT}|cent(?![\\p{L}]))`,
  "giu",
);

/** A number in words with its unit, and its value. */
export interface NumberInWords {
  words: string;
  value: number;
}

/** Finds the numbers in words that stand before a unit. */
export const numbersInWords = (text: string): NumberInWords[] =>
  [...text.matchAll(AMOUNTS)].map(([words, number = ""]) => ({ words, value: valueOf(number.toLowerCase()) }));

/** Adds a number's words up: "two hundred and fifty" is 250, "fünfundzwanzig" 25. */
function valueOf(number: string): number {
  const parts = number.split(/[\s-]+/u);
  return sumOf(parts.every((part) => englishPart(part)) ? parts : germanParts(number));
}

const englishPart = (word: string): boolean => ENGLISH.has(word) || ["hundred", "thousand", "and"].includes(word);

/** Splits a German compound, the longest piece first. */
const germanParts = (number: string): string[] => number.match(GERMAN_PIECES) ?? [];
const GERMAN_PIECES = new RegExp(
  [...UNITS_GERMAN.keys(), ...TENS_GERMAN.keys(), "hundert", "tausend", "und"]
    .toSorted((one, other) => other.length - one.length)
    .join("|"),
  "giu",
);

function sumOf(parts: readonly string[]): number {
  let whole = 0;
  let below = 0;
  for (const part of parts) {
    if (part === "hundred" || part === "hundert") below = Math.max(below, 1) * 100;
    else if (part === "thousand" || part === "tausend") [whole, below] = [whole + Math.max(below, 1) * 1_000, 0];
    else below += ENGLISH.get(part) ?? UNITS_GERMAN.get(part) ?? TENS_GERMAN.get(part) ?? 0;
  }
  return whole + below;
}
