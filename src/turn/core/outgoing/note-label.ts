/**
 * Short labels at the head of a line that say for whom it is: "CS note:", "Interner Hinweis:", "[nota interna]". It is their
 * words that count, in any order and language that we know, so that no list of labels has to be complete.
 */

/** Longer labels are sentences: "A note on your invoice: it has no number". */
const MAX_LABEL_WORDS = 3;
const LABEL =
  /^(?:\/ ?|[[({<«‹〔【〖《〈「『]{1,2} ?)?([\p{L}\p{N} .,'_/&#*~`-]{1,60}?)(?: ?[*_~`]{0,2}[:;]| [-–—] | ?[\])}>»›〕】〗》〉」』])/u;

/** Ours alone, whatever stands beside it. */
const INTERNAL = /^(?:internal(?:ly)?|interne?[mnrs]?|intern[ao]s?|int|vertraulich|внутр\p{L}*)$|内部|內部|社内/u;
/** A word for a note; of words that end so, those of an office, and no "footnote". */
const NOTE = new RegExp(
  "^(?:not[ae]|notas|notitie|notatka|anmerkung(?:en)?|bemerkung(?:en)?|hinweise?|remarks?|remarque|comments?|" +
    "commentaire|comentarios?|commento|opmerking|observacao|memos?|заметка|примечание|" +
    "\\p{L}*(?:notiz(?:en)?|vermerke?|kommentare?)|\\p{L}+(?:anmerkung|bemerkung|memo)|" +
    "(?:side|cs|admin|agent|staff|ops|mod|team|case|desk|support|customer|client|user|work|internal|int)notes?)$",
  "u",
);
/** Before a word for a note: what is addressed to the customer, or a paper that they get. */
const THEIRS =
  /^(?:please|kindly|pls|bitte|your|ihre?n?|deine?n?|credit|debit|delivery|shipping|dispatch|packing|consignment|release|patch)$/u;
/** One word of two alphabets that look alike is written so to be read as something else. */
const OTHERS = "[\\p{sc=Cyrl}\\p{sc=Grek}\\p{sc=Armn}\\p{sc=Cher}\\p{sc=Copt}\\p{sc=Lisu}]";
const MIXED = new RegExp(`\\p{sc=Latn}\\p{N}*${OTHERS}|${OTHERS}\\p{N}*\\p{sc=Latn}`, "u");

/** The words of a line's label; none where it has no label, or a long one. */
function labelWords(line: string): string[] {
  const label = LABEL.exec(line)?.[1] ?? "";
  const words = label.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  return words.length > MAX_LABEL_WORDS ? [] : words;
}

/** A label that may be a note's, for the line on which what was written begins. */
export function hasNoteLabel(line: string): boolean {
  const words = labelWords(line);
  if (words.some((word) => INTERNAL.test(word))) return true;
  // "Notes attached: …" tells what is attached; "CS notes: …" are notes.
  return !THEIRS.test(words[0] ?? "") && (words.some((word) => NOTE.test(word)) || words.at(-1) === "notes");
}

/** A label with a word of two alphabets in it. */
export const hasMixedLabel = (line: string): boolean => labelWords(line).some((word) => MIXED.test(word));

/** A label that can only be for colleagues, before any sentence of a line: "We refund you. Internal: …". */
export const hasInternalLabel = (line: string): boolean =>
  line.split(/(?<=[.!?]) |(?<=。)/u).some((sentence) => labelWords(sentence).some((word) => INTERNAL.test(word)));
