/**
 * Literal grounding: each number, date, amount, address and id in a reply has to occur in what is known. A model may word
 * things freely, and can invent none of these.
 */
import { active, valuesOf, type Work } from "../work.ts";
import { numbersInWords } from "./number-words.ts";
import { isKnownNumber, type KnownNumbers, numbersOf } from "./numbers.ts";
import { holdsWhole } from "./whole.ts";

/**
 * Web addresses, e-mail addresses, ids of letters and digits, and numbers with their separators. Addresses also without
 * "https://", since apps make links of them: with "www.", with a path, or with an ending in use for bots' links.
 */
const LITERALS =
  /https?:\/\/[^\s<>"')\]]{1,500}|[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}.-]{1,190}|(?<![\p{L}\p{N}.-])(?:www\.[\p{L}\p{N}.-]{1,190}|(?:[\p{L}\p{N}-]{1,63}\.){1,8}(?:\p{L}{2,24}(?=\/[\p{L}\p{N}])|(?:com|net|org|info|biz|io|co|me|app|dev|xyz|link|shop|example|eu|de|at|ch|uk|us)(?![\p{L}\p{N}-])))[^\s<>"')\]]{0,500}|[\p{L}\p{N}]{0,40}\p{N}(?:[.,:/-]?[\p{L}\p{N}]){0,40}/giu;
/** Numbers of a list ("1.", "2)") at the beginning of a line. */
const LIST_MARKS = /^\s*\d{1,2}[.)]\s/gmu;
/** Signs that nobody sees, and the frame of keycaps: with them "1️⃣0️⃣0️⃣" would be three numbers. */
const UNSEEN = /\p{Cf}|\p{Me}|\ufe0f/gu;

interface Known {
  /** All known texts, in small letters. */
  plain: string;
  numbers: KnownNumbers;
}

/** The literals of a text that nothing known holds. */
export function literalsWithoutOrigin(work: Work, text: string): string[] {
  const seen = legible(text).replaceAll(LIST_MARKS, "");
  const found = seen.match(LITERALS) ?? [];
  const inWords = numbersInWords(seen);
  if (found.length === 0 && inWords.length === 0) return [];
  const known = knownOf(work);
  const strange = found.filter((literal) => !isKnown(literal, known));
  const spelt = inWords.filter(
    ({ words, value }) => !known.numbers.runs.has(String(value)) && !holdsWhole(known.plain, words),
  );
  return [...new Set([...strange, ...spelt.map(({ words }) => words)])];
}

/** The text as people see it: digits of other widths and styles are digits. */
const legible = (text: string): string => text.normalize("NFKC").replaceAll(UNSEEN, "");

function knownOf(work: Work): Known {
  const plain = legible(knownTexts(work).join("\n")).toLowerCase();
  return { plain, numbers: numbersOf(plain) };
}

function isKnown(literal: string, { plain, numbers }: Known): boolean {
  const bare = literal.toLowerCase().replace(/[.,:;!?/-]+$/u, "");
  if (holdsWhole(plain, bare)) return true;
  // "31.12.2026" and "1,299.00" are known in other notations too.
  const digits = bare.replace(/(?:st|nd|rd|th)$/u, "");
  return /^[\d.,:/-]+$/u.test(digits) && isKnownNumber(digits, numbers);
}

/** All texts that a reply may take literals from. */
function knownTexts(work: Work): string[] {
  const { run } = work;
  const results = run.exchange.flatMap(({ result }) => (result.ok && result.value !== undefined ? [result.value] : []));
  const source = active(work)?.procedure.source ?? "";
  return [...run.heard, source, JSON.stringify(valuesOf(work)), JSON.stringify(results)];
}
