/** Normalizes operators' texts before note marks are searched for. Takes time in proportion to the text. */
import { toNormalForm } from "../../../domain/normal-form.ts";

/** Format characters, controls, accents, variation selectors and blank characters. */
const UNSEEN = /\p{Cf}|\p{M}|(?!\s)\p{Cc}|[\u2800\u3164\u115f\u1160\uffa0]/gu;
/** Slashes (division, fraction, big, box drawing) and semicolons (Arabic, reversed) that NFKD keeps. */
const SLASHES = /[\u2044\u2215\u29f8\u2571\u27cb]/g;
const DOUBLE_SLASH = /\u2afd/g;
const SEMICOLONS = /[\u061b\u204f]/g;
const COLONS = /[\ua789\u2236\u02d0\u05c3\u0589]/g;
const APOSTROPHES = /[‘’‛´]/g;

/**
 * Folds case, width and accents and removes invisible characters: "Ｎöｔｅ：" becomes "note:". Decodes platforms' spellings
 * of a lock and of angle brackets. Keeps line ends.
 */
export function foldText(text: string): string {
  return toNormalForm(text, "NFKD")
    .replace(UNSEEN, "")
    .replace(DOUBLE_SLASH, "//")
    .replace(SLASHES, "/")
    .replace(SEMICOLONS, ";")
    .replace(COLONS, ":")
    .replace(APOSTROPHES, "'")
    .toLowerCase()
    .replaceAll(":lock:", "🔒")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">");
}

/** Letters of other alphabets and small capitals that look like a Latin letter (UTS #39, confusables). */
const LOOKALIKES: Readonly<Record<string, string>> = {
  a: "АаΑαɑᴀᎪ",
  b: "ВвΒʙᏴ",
  c: "СсϹϲᴄᏟ",
  d: "ԀԁđᴅᎠ",
  e: "ЕеΕεєҽɛᴇꓰᎬ",
  g: "ɡցɢᏀ",
  h: "НнһΗհʜᎻ",
  i: "ІіΙιıɩɪⲒᎥ",
  k: "КкΚκᴋᏦ",
  l: "ӏłʟᏞ",
  m: "МмΜᴍᎷ",
  n: "ΝηոпɴᏁꓠⲚⲛ",
  o: "ОоΟοօσøᴏᎾꓳⲞⲟ",
  p: "РрΡρᴘᏢ",
  r: "гʀᎡ",
  s: "ЅѕꜱᏚ",
  t: "ТтΤτŧᴛᎢꓔⲦⲧ",
  u: "υսᴜ",
  v: "νѵᴠᏙ",
  w: "ԝѡᴡᎳ",
  x: "ХхΧχ",
  y: "УуΥγүʏ",
  z: "ΖᴢᏃ",
};
const LATIN: ReadonlyMap<string, string> = new Map(
  Object.entries(LOOKALIKES).flatMap(([latin, letters]) => Array.from(letters, (letter) => [letter, latin] as const)),
);
const LOOKALIKE = new RegExp(`[${[...LATIN.keys()].join("")}]`, "gu");
/** Digits beside a letter, and the letters that they stand for: "n0t3". */
const DIGIT = /(?<=\p{L})[013457]|[013457](?=\p{L})/gu;
const DIGITS: Readonly<Record<string, string>> = { 0: "o", 1: "i", 3: "e", 4: "a", 5: "s", 7: "t" };
/** Letters in circles and squares, and regional indicators; each range runs from A to Z. */
const BADGES = /[\u{1f150}-\u{1f169}\u{1f170}-\u{1f189}\u{1f1e6}-\u{1f1ff}]/gu;
const BADGES_FROM = [0x1f1e6, 0x1f170, 0x1f150];

/** Folds a text as `foldText` does, and lookalikes into Latin letters: "Nоtе" in Cyrillic letters becomes "note". */
export function foldLookalikes(text: string): string {
  return foldText(
    toNormalForm(text, "NFKD")
      .replace(LOOKALIKE, (letter) => LATIN.get(letter) ?? letter)
      .replace(BADGES, (badge) => {
        const code = badge.codePointAt(0) ?? 0;
        const first = BADGES_FROM.find((from) => from <= code) ?? code;
        return String.fromCodePoint(0x61 + code - first);
      })
      .replace(DIGIT, (digit) => DIGITS[digit] ?? digit),
  );
}

/** The lines that are not blank, with single spaces. */
export function linesOf(text: string): string[] {
  return text
    .split(/[\n\v\f\r\u0085\u2028\u2029]/)
    .map((line) => line.replace(/\s+/gu, " ").trim())
    .filter((line) => line !== "");
}

/** An emoticon by itself. */
export const SMILEY = /^[:;=8][-'^o]?[)(/\\|dp3*\]](?= |$)/u;

/**
 * Characters that may stand before a mark: an emoticon, a list number, and any sign except those that begin a mark; a
 * bracket only before such a sign. No alternative can fail after it has matched, so the pattern never backtracks.
 */
const ORNAMENT = new RegExp(
  `^(?:${SMILEY.source.slice(1)}|\\(?(?:\\p{N}{1,3}|\\p{L})[.)] +|[^\\p{L}\\p{N}/\\\\;@🔒[({<«‹〔【〖《〈「『]|[[({<](?=//|;;|🔒|/))+`,
  "u",
);

/** Removes bullets, quotation marks, marks of bold and code, and emoji from the beginning of a line. */
export const withoutOrnament = (line: string): string => line.replace(ORNAMENT, "");
