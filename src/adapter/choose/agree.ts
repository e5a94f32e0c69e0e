/**
 * Tells whether a text and a label that look alike mean the same thing or the opposite.
 *
 * 1. A negation, or a word with an opposite, counts only if spelled correctly: "withot" is never certain.
 * 2. The typed word must be nearer to the label's word than to its opposite, by two letters.
 */
import { areContrary, type Contraries, formedContraries, isNegation } from "./contrary.ts";
import { distance, sameStart } from "./distance.ts";

/** Words further apart than this are unrelated. */
const FAR = 4;
/** A typing error is at least this much nearer to its own word than to an opposite. */
const MARGIN = 2;
/** A shorter negation is within two letters of every short word. */
const LONG_NEGATION = 4;
/** From this length on, a word and a longer one that begins with it are forms of one word ("help", "helped"). */
const LEAST_STEM = 4;

type Words = readonly string[];

/** Returns the words of each side that the other does not have, one for one. */
function difference(left: Words, right: Words): { extra: string[]; missing: string[] } {
  const missing = [...right];
  const extra = left.filter((word) => {
    const at = missing.indexOf(word);
    if (at >= 0) missing.splice(at, 1);
    return at < 0;
  });
  return { extra, missing };
}

/** True when two labels are opposites: an odd number of negations and opposites between them. */
export function areTwins(left: Words, right: Words, words: Contraries): boolean {
  const { extra, missing } = difference(left, right);
  let flips = 0;
  const others = extra.filter((word) => {
    const contrary = missing.findIndex((other) => areContrary(word, other, words));
    const at = contrary >= 0 ? contrary : missing.findIndex((other) => areForms(word, other));
    if (contrary >= 0) flips++;
    if (at >= 0) missing.splice(at, 1);
    return at < 0;
  });
  const rest = [...others, ...missing];
  flips += rest.filter((word) => isNegation(word, words)).length;
  return flips % 2 === 1 && rest.every((word) => isNegation(word, words) || words.fillers.has(word));
}

/** True when one word is the other with an ending: "work" and "worked". */
export const areForms = (left: string, right: string): boolean =>
  left === right ||
  (left.length >= LEAST_STEM && right.startsWith(left)) ||
  (right.length >= LEAST_STEM && left.startsWith(right));

/** True when `typed`, which is `meant` with typing errors, certainly means it. `twins`: labels that mean the opposite. */
export function agrees(typed: Words, meant: Words, { words, twins }: { words: Contraries; twins: readonly Words[] }) {
  const { extra, missing } = difference(typed, meant);
  if ([...extra, ...missing].some((word) => isNegation(word, words))) return false;
  const rivals = rivalsOf(meant, twins);
  if (twins.length > 0 && extra.length > missing.length) return false;
  return (
    extra.every((word) => !isNearNegation(word, words, nearestTo(word, missing))) &&
    missing.every((word) => isCertain(word, extra, { words, rivals }))
  );
}

/** Returns the words by which the twins differ from a label; "work" is none beside "works". */
const rivalsOf = (meant: Words, twins: readonly Words[]): string[] =>
  twins
    .flatMap((twin) => difference(twin, meant).extra)
    .filter((rival) => !meant.some((word) => areForms(word, rival)));

/** True when the label's word was typed, and neither its opposite nor a rival is as near. */
function isCertain(word: string, extra: Words, { words, rivals }: { words: Contraries; rivals: Words }): boolean {
  const contraries = words.contraries.get(word) ?? [];
  const typed = extra.toSorted((left, right) => distance(left, word, FAR) - distance(right, word, FAR))[0];
  if (typed === undefined) return contraries.length + rivals.length === 0;
  const own = distance(typed, word, FAR);
  // If the opposite is not an option, its first letter decides: "somthing" is not "nothing".
  const likely = rivals.length > 0 ? contraries : contraries.filter((contrary) => sameStart(typed, contrary));
  const tempting = [...likely, ...rivals];
  const clear = tempting.every((contrary) => distance(typed, contrary, own + MARGIN) >= own + MARGIN);
  const others = [...contraries, ...formedContraries(word, words)];
  return clear && others.every((contrary) => distance(typed, contrary, own) > own);
}

const nearestTo = (word: string, others: Words): number =>
  Math.min(Number.MAX_SAFE_INTEGER, ...others.map((other) => distance(word, other, FAR)));

/** True when a word may be a misspelled negation, at most `limit` letters away. */
export function isNearNegation(word: string, { negating }: Contraries, limit: number): boolean {
  return negating.some((negation) => {
    const most = Math.min(limit, negation.length < LONG_NEGATION ? 1 : 2);
    return distance(word, negation, most) <= most;
  });
}

/**
 * True when the rest of a label that begins with the typed words can't reverse their meaning. "it did" does not agree
 * with "it did not help", and "i am" begins both "i am in" and "i am not in".
 */
export function agreesSoFar(
  typed: Words,
  meant: Words,
  { words, twins }: { words: Contraries; twins: readonly Words[] },
): boolean {
  const last = typed.at(-1) ?? "";
  const full = meant[typed.length - 1] ?? "";
  const begun = last === full ? [] : [full];
  const unsaid = [...begun, ...meant.slice(typed.length)];
  if (unsaid.some((word) => isNegation(word, words))) return false;
  const contraries = begun.flatMap((word) => [
    ...(words.contraries.get(word) ?? []),
    ...formedContraries(word, words),
    ...rivalsOf(meant, twins),
  ]);
  if (contraries.some((word) => word.startsWith(last) || distance(last, word, 1) <= 1)) return false;
  const rest = meant.slice(typed.length);
  return twins.every((twin) => rest.every((word) => twin.includes(word)) && !beginsWith(twin, typed));
}

const beginsWith = (words: Words, beginning: Words): boolean => beginning.every((word, at) => words[at] === word);
