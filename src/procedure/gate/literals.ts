/**
 * Literal grounding: each number, date, amount, address and id in a reply has to occur in what is known. A model may word
 * things freely, and can invent none of these.
 */
import { active, valuesOf, type Work } from "../work.ts";
import { numbersInWords } from "./number-words.ts";

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
  /** Runs of digits: of "2026-12-05" 2026, 12 and 5. */
  numbers: ReadonlySet<string>;
  /** Numbers with their fractions, written alike: of "1,299.50" 1299.5. */
  amounts: ReadonlySet<string>;
}

/** The literals of a text that nothing known holds. */
export function literalsWithoutOrigin(work: Work, text: string): string[] {
  const seen = legible(text).replaceAll(LIST_MARKS, "");
  const found = seen.match(LITERALS) ?? [];
  const inWords = numbersInWords(seen);
  if (found.length === 0 && inWords.length === 0) return [];
  const known = knownOf(work);
  const strange = found.filter((literal) => !isKnown(literal, known));
  const spelt = inWords.filter(({ words, value }) => !known.numbers.has(String(value)) && !stands(words, known.plain));
  return [...new Set([...strange, ...spelt.map(({ words }) => words)])];
}

/** The text as people see it: digits of other widths and styles are digits. */
const legible = (text: string): string => text.normalize("NFKC").replaceAll(UNSEEN, "");

function knownOf(work: Work): Known {
  const plain = legible(knownTexts(work).join("\n")).toLowerCase();
  return {
    plain,
    numbers: new Set((plain.match(/\d+/gu) ?? []).map(withoutZeros)),
    amounts: new Set((plain.match(/\d+(?:[.,]\d+)*/gu) ?? []).map(amountOf)),
  };
}

function isKnown(literal: string, { plain, numbers, amounts }: Known): boolean {
  const bare = literal.toLowerCase().replace(/[.,:;!?/-]+$/u, "");
  if (stands(bare, plain)) return true;
  // "31.12.2026" and "1,299.00" are known where their numbers are.
  const digits = bare.replace(/(?:st|nd|rd|th)$/u, "");
  if (!/^[\d.,:/-]+$/u.test(digits)) return false;
  if (amounts.has(amountOf(digits))) return true;
  return (digits.match(/\d+/gu) ?? []).every((one) => numbers.has(withoutZeros(one)));
}

/** True if the words stand in the text by themselves: 26 does not stand in 2026. */
function stands(words: string, plain: string): boolean {
  const sign = /[\p{L}\p{N}]/u;
  for (let at = plain.indexOf(words); at >= 0; at = plain.indexOf(words, at + 1)) {
    if (!sign.test(plain[at - 1] ?? "") && !sign.test(plain[at + words.length] ?? "")) return true;
  }
  return false;
}

/** Writes a number without separators of thousands and without zeros at its ends. */
function amountOf(digits: string): string {
  const [, whole = digits, fraction = ""] = /^(.*)[.,](\d{1,2})$/u.exec(digits) ?? [];
  const kept = fraction.replace(/0+$/u, "");
  return withoutZeros(whole.replaceAll(/\D/gu, "")) + (kept === "" ? "" : `.${kept}`);
}

const withoutZeros = (digits: string): string => digits.replace(/^0+(?=\d)/u, "");

/** All texts that a reply may take literals from. */
function knownTexts(work: Work): string[] {
  const { run } = work;
  const results = run.exchange.flatMap(({ result }) => (result.ok && result.value !== undefined ? [result.value] : []));
  const source = active(work)?.procedure.source ?? "";
  return [...run.heard, source, JSON.stringify(valuesOf(work)), JSON.stringify(results)];
}
