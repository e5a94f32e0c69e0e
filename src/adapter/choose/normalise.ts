/**
 * Normalises typed text: digits of every script as ASCII, lower case, single spaces. Independent of languages and options.
 */
import { toNormalForm } from "../../domain/normal-form.ts";

/** Format characters, variation selectors, the keycap and control characters: they carry no meaning. */
const INVISIBLE = /\p{Cf}|\p{Variation_Selector}|\u20E3|(?!\s)\p{Cc}/gu;
const COMBINING = /\p{M}+/gu;
const APOSTROPHES = /['’‘`´]/gu;
const NOT_WORDS = /[^\p{L}\p{N}]+/gu;
const PICTURES = /\p{Extended_Pictographic}|\p{Emoji_Modifier}/gu;
const YES_PICTURES = /^(?:[👍👌✅✔🙆]\p{Emoji_Modifier}?\s*)+$/u;
const NO_PICTURES = /(?:[👎❌🚫🙅⛔]\p{Emoji_Modifier}?\s*)+/gu;
const PLAIN = /^[\x20-\x7E\n]*$/;

/** A digit beside a superscript, circled or fraction one ("1²", "①②", "1½"): two numbers, not one longer number. */
const SEAM = /(?<=\p{Nd})(?=\p{No})|(?<=\p{No})(?=[\p{Nd}\p{No}])/gu;

/** Numbers that NFKC leaves alone: first code point, how many, and the value of the first. */
const NUMERALS: readonly (readonly [first: number, count: number, value: number])[] = [
  [0x1f51f, 1, 10], // 🔟
  [0x2776, 10, 1], // ❶
  [0x2780, 10, 1], // ➀
  [0x278a, 10, 1], // ➊
  [0x24f5, 10, 1], // ⓵
  [0x24eb, 10, 11], // ⓫
  [0x24ff, 1, 0], // ⓿
  [0x3007, 1, 0], // 〇
];

/** Names of keycaps in chat programs that have no image of them. */
const SHORTCODES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const SHORTCODE = new RegExp(`:(?:keycap_)?(${SHORTCODES.join("|")}):`, "g");

/** Chinese and Japanese numerals; "二" and "第二" are a choice. */
const HAN = "零一二三四五六七八九十";
const HAN_NUMBER = new RegExp(`^第?([${HAN}])(?:号|號|个|個|番)?$`, "u");

/** Applies NFKC, makes digits ASCII, removes invisible characters, collapses spaces, lower-cases. Keeps line ends. */
export function normalise(text: string): string {
  const ascii = PLAIN.test(text) ? text : fromUnicode(text);
  return ascii
    .replace(/[^\S\n]+/gu, " ")
    .toLowerCase()
    .replace(SHORTCODE, (_, word: string) => String(SHORTCODES.indexOf(word)))
    .trim();
}

/** Removes accents and apostrophes ("für" is "fur", "I'll" is "ill") and spells out ß, æ, ø, ł and đ. */
export function unaccented(normalised: string): string {
  const bare = normalised.replace(APOSTROPHES, "");
  if (PLAIN.test(bare)) return bare;
  return toNormalForm(bare.replace(/[ßæøłđ]/gu, spellOut), "NFD")
    .replace(COMBINING, "")
    .normalize("NFC");
}

/** Returns both spellings of a normalised word without its umlauts: "funf" and "fuenf". */
export function spellings(lower: string): string[] {
  if (PLAIN.test(lower)) return [unaccented(lower)];
  return [...new Set([unaccented(lower), unaccented(lower.replace(/[äöü]/gu, (umlaut) => `${unaccented(umlaut)}e`))])];
}

/** Keeps letters and digits, with single spaces between words. */
export function wordsOf(unaccentedText: string): string {
  return unaccentedText.replace(NOT_WORDS, " ").trim();
}

/** Removes the emoji that people put beside an answer. */
export function withoutPictures(text: string): string {
  return PLAIN.test(text) ? text : text.replace(PICTURES, " ").trim();
}

/** Replaces emoji by words: a text of yes emoji only becomes "yes", and each no emoji becomes "no". */
export function spokenPictures(normalised: string): string {
  if (PLAIN.test(normalised)) return normalised;
  if (YES_PICTURES.test(normalised)) return "yes";
  return normalised.replace(NO_PICTURES, " no ").replace(/ +/g, " ").trim();
}

/** True when a text has an emoji that means no. */
export const saysNoInPictures = (text: string): boolean => !PLAIN.test(text) && text.search(NO_PICTURES) >= 0;

/** Returns the value of a text that is one Han numeral, else null. */
export function hanNumber(normalised: string): number | null {
  const numeral = HAN_NUMBER.exec(normalised)?.[1];
  return numeral === undefined ? null : HAN.indexOf(numeral);
}

function fromUnicode(text: string): string {
  const numbered = text
    .replace(SEAM, " ")
    .replace(/[\u{1f51f}\u2776-\u2793\u24eb-\u24ff\u3007]/gu, (numeral) => numeralValue(numeral) ?? numeral);
  return toNormalForm(numbered, "NFKC")
    .replace(INVISIBLE, "")
    .replace(/(?![0-9])\p{Nd}/gu, digitValue);
}

function numeralValue(numeral: string): string | undefined {
  const point = numeral.codePointAt(0) ?? 0;
  const range = NUMERALS.find(([first, count]) => point >= first && point < first + count);
  return range && String(range[2] + point - range[0]);
}

/** Unicode encodes the ten digits of a script in ascending, contiguous order (The Unicode Standard, 4.6). */
function digitValue(digit: string): string {
  const point = digit.codePointAt(0) ?? 0;
  let before = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(point - before - 1))) before++;
  return String(before % 10);
}

function spellOut(letter: string): string {
  return { ß: "ss", æ: "ae", ø: "o", ł: "l", đ: "d" }[letter] ?? letter;
}
