/**
 * Short labels at the beginning of a line that say whom it is for: "CS note:", "Interner Hinweis:", "[nota interna]".
 * Their words count, in any order and known language, so that no list of labels has to be complete.
 */

/** Longer labels are sentences: "A note on your invoice: it has no number". */
const MAX_LABEL_WORDS = 3;
const LABEL =
  /^(?:\/ ?|[[({<«‹〔【〖《〈「『]{1,2} ?)?([\p{L}\p{N} .,'_/&#*~`-]{1,60}?)(?: ?[*_~`]{0,2}[:;]| [-–—] | ?[\])}>»›〕】〗》〉」』])/u;

/** Words that mark a label as internal, whatever stands beside them. */
const INTERNAL = /^(?:internal(?:ly)?|interne?[mnrs]?|intern[ao]s?|int|vertraulich|внутр\p{L}*)$|内部|內部|社内/u;
/** Words for a note, and compounds of office language; not "footnote". */
const NOTE = new RegExp(
  "^(?:not[ae]|notas|notitie|notatka|anmerkung(?:en)?|bemerkung(?:en)?|hinweise?|remarks?|remarque|comments?|" +
    "commentaire|comentarios?|commento|opmerking|observacao|memos?|заметка|примечание|" +
    "\\p{L}*(?:notiz(?:en)?|vermerke?|kommentare?)|\\p{L}+(?:anmerkung|bemerkung|memo)|" +
    "(?:side|cs|admin|agent|staff|ops|mod|team|case|desk|support|customer|client|user|work|internal|int)notes?)$",
  "u",
);
/** Words before "note" that address the customer ("please note") or name a document of theirs ("delivery note"). */
const THEIRS =
  /^(?:please|kindly|pls|bitte|your|ihre?n?|deine?n?|credit|debit|delivery|shipping|dispatch|packing|consignment|release|patch)$/u;
/** A word of two alphabets that look alike is meant to deceive. */
const OTHERS = "[\\p{sc=Cyrl}\\p{sc=Grek}\\p{sc=Armn}\\p{sc=Cher}\\p{sc=Copt}\\p{sc=Lisu}]";
const MIXED = new RegExp(`\\p{sc=Latn}\\p{N}*${OTHERS}|${OTHERS}\\p{N}*\\p{sc=Latn}`, "u");

/** The words of a line's label; none where it has no label or a long one. */
function labelWords(line: string): string[] {
  const label = LABEL.exec(line)?.[1] ?? "";
  const words = label.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  return words.length > MAX_LABEL_WORDS ? [] : words;
}

/** True when the first line has a label that may mark a note. */
export function hasNoteLabel(line: string): boolean {
  const words = labelWords(line);
  if (words.some((word) => INTERNAL.test(word))) return true;
  // "Notes attached: …" names an attachment; "CS notes: …" are notes.
  return !THEIRS.test(words[0] ?? "") && (words.some((word) => NOTE.test(word)) || words.at(-1) === "notes");
}

/** True when the label has a word of two alphabets in it. */
export const hasMixedLabel = (line: string): boolean => labelWords(line).some((word) => MIXED.test(word));

/** True when any sentence of the line has a label that can only be for colleagues: "We refund you. Internal: …". */
export const hasInternalLabel = (line: string): boolean =>
  line.split(/(?<=[.!?]) |(?<=。)/u).some((sentence) => labelWords(sentence).some((word) => INTERNAL.test(word)));
