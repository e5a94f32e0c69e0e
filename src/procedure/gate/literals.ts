/**
 * Literal grounding: each number, date, amount, address and id in a reply has to occur in what is known. A model may word
 * things freely, and can invent none of these.
 */
import { active, valuesOf, type Work } from "../work.ts";

/** Web addresses, e-mail addresses, ids of letters and digits, and numbers with their separators. */
const LITERALS =
  /https?:\/\/[^\s<>"')\]]{1,500}|[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}.-]{1,190}|[\p{L}\p{N}]{0,40}\p{N}(?:[.,:/-]?[\p{L}\p{N}]){0,40}/gu;
/** Numbers of a list ("1.", "2)") at the beginning of a line. */
const LIST_MARKS = /^\s*\d{1,2}[.)]\s/gmu;

/** The literals of a text that nothing known holds. */
export function literalsWithoutOrigin(work: Work, text: string): string[] {
  const found = text.replaceAll(LIST_MARKS, "").match(LITERALS) ?? [];
  if (found.length === 0) return [];
  const known = knownTexts(work);
  const numbers = new Set(known.flatMap((one) => one.match(/\d+/gu) ?? []).map(withoutZeros));
  const plain = known.join("\n").toLowerCase();
  return [...new Set(found)].filter((literal) => !isKnown(literal, { plain, numbers }));
}

function isKnown(literal: string, { plain, numbers }: { plain: string; numbers: ReadonlySet<string> }): boolean {
  const bare = literal.toLowerCase().replace(/[.,:/-]+$/u, "");
  if (plain.includes(bare)) return true;
  // "31.12.2026" and "1,299.00" are known where their numbers are.
  if (!/^[\d.,:/-]+(?:st|nd|rd|th)?$/u.test(bare)) return false;
  const joined = withoutZeros(bare.replaceAll(/[.,]\d{2}$|\D/gu, ""));
  return numbers.has(joined) || (bare.match(/\d+/gu) ?? []).every((one) => numbers.has(withoutZeros(one)));
}

const withoutZeros = (digits: string): string => digits.replace(/^0+(?=\d)/u, "");

/** All texts that a reply may take literals from. */
function knownTexts(work: Work): string[] {
  const { run } = work;
  const results = run.exchange.flatMap(({ result }) => (result.ok && result.value !== undefined ? [result.value] : []));
  const source = active(work)?.procedure.source ?? "";
  return [...run.heard, source, JSON.stringify(valuesOf(work)), JSON.stringify(results)];
}
