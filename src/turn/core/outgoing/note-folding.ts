/** Brings what operators type into the one form in which note marks are sought. Takes time in proportion to the text. */
import { toNormalForm } from "../../../domain/normal-form.ts";

/** Format characters, controls, accents and variation selectors, and characters that look like nothing. */
const UNSEEN = /\p{Cf}|\p{M}|(?!\s)\p{Cc}|[\u2800\u3164\u115f\u1160\uffa0]/gu;
/** Slashes and semicolons that NFKD leaves alone: division, fraction, big, box drawing; Arabic, reversed. */
const SLASHES = /[\u2044\u2215\u29f8\u2571\u27cb]/g;
const DOUBLE_SLASH = /\u2afd/g;
const SEMICOLONS = /[\u061b\u204f]/g;
const COLONS = /[\ua789\u2236\u02d0\u05c3\u0589]/g;
const APOSTROPHES = /[‘’‛´]/g;

/**
 * In one case, width and spelling, without what nobody sees: "Ｎöｔｅ：" is "note:", and what platforms write for a lock
 * and for angle brackets is these. Keeps line ends.
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

/** Letters of other alphabets, small capitals and letters of old scripts, by what they are taken for (UTS #39, confusables). */
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
/** Digits beside a letter, and what they stand for: "n0t3". */
const DIGIT = /(?<=\p{L})[013457]|[013457](?=\p{L})/gu;
const DIGITS: Readonly<Record<string, string>> = { 0: "o", 1: "i", 3: "e", 4: "a", 5: "s", 7: "t" };
/** White letters in circles and squares, and those of flags: A to Z from each of these on. */
const BADGES = /[\u{1f150}-\u{1f169}\u{1f170}-\u{1f189}\u{1f1e6}-\u{1f1ff}]/gu;
const BADGES_FROM = [0x1f1e6, 0x1f170, 0x1f150];

/** As `folded`, with what only looks like Latin letters as these: "Nоtе" in Cyrillic letters is "note". */
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

/** The lines that have something in them, with single spaces. */
export function linesOf(text: string): string[] {
  return text
    .split(/[\n\v\f\r\u0085\u2028\u2029]/)
    .map((line) => line.replace(/\s+/gu, " ").trim())
    .filter((line) => line !== "");
}

/** A face of signs, by itself. */
export const SMILEY = /^[:;=8][-'^o]?[)(/\\|dp3*\]](?= |$)/u;

/**
 * Signs that may stand before a mark: a face, the number of a list, and any sign but those that begin a mark; a bracket only
 * before a sign. None of these can fail after it has matched, so this never goes back.
 */
const ORNAMENT = new RegExp(
  `^(?:${SMILEY.source.slice(1)}|\\(?(?:\\p{N}{1,3}|\\p{L})[.)] +|[^\\p{L}\\p{N}/\\\\;@🔒[({<«‹〔【〖《〈「『]|[[({<](?=//|;;|🔒|/))+`,
  "u",
);

/** A line without bullets, quotation marks, marks of bold and code, and emoji before its first word or sign. */
export const withoutOrnament = (line: string): string => line.replace(ORNAMENT, "");
