/**
 * Unicode normal forms of texts by strangers. Engines sort the marks on a letter with every mark looking at those before
 * it, so that 40,000 marks on one letter would take a second; here a run of them is parted as UAX #15 has it.
 */

/** Marks on one letter that are put in order: 30, the Stream-Safe Text Format of UAX #15, section 13. */
export const MAX_MARKS = 30;
/** U+034F, the combining grapheme joiner: shows as nothing, and marks are not moved across it. */
const JOINER = "\u034f";

const TOO_MANY = new RegExp(String.raw`\p{M}{${MAX_MARKS + 1}}`, "u");
const FULL_RUN = new RegExp(String.raw`\p{M}{${MAX_MARKS}}(?=\p{M})`, "gu");

/** A text in a normal form; a letter with more than 30 marks has a joiner behind every 30 of them. */
export function toNormalForm(text: string, form: "NFC" | "NFD" | "NFKC" | "NFKD"): string {
  return (TOO_MANY.test(text) ? text.replace(FULL_RUN, `$&${JOINER}`) : text).normalize(form);
}
