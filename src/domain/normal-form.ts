/**
 * Unicode normalization of untrusted text. Engines sort the combining marks of a letter in quadratic time: 40,000 marks
 * on one letter would take a second. Long runs of marks are split as UAX #15 defines.
 */

/** Marks per letter: 30, as in the Stream-Safe Text Format of UAX #15, section 13. */
export const MAX_MARKS = 30;
/** U+034F, the combining grapheme joiner: invisible, and marks are not reordered across it. */
const JOINER = "\u034f";

const TOO_MANY = new RegExp(String.raw`\p{M}{${MAX_MARKS + 1}}`, "u");
const FULL_RUN = new RegExp(String.raw`\p{M}{${MAX_MARKS}}(?=\p{M})`, "gu");

/** Normalizes a text; a letter with more than 30 marks gets a joiner after every 30. */
export function toNormalForm(text: string, form: "NFC" | "NFD" | "NFKC" | "NFKD"): string {
  return (TOO_MANY.test(text) ? text.replace(FULL_RUN, `$&${JOINER}`) : text).normalize(form);
}
