/** Share of common trigrams from which two replies count as the same (3.5). */
const SAME = 0.9;
/** Longest text that is compared, characters. */
const COMPARED = 2_000;

/** True if a reply says what an earlier one said. */
export const isRepetition = (replies: readonly string[], text: string): boolean =>
  replies.some((one) => likeness(one, text) >= SAME);

/** Common trigrams of two texts, of all of them: 0 to 1. */
function likeness(one: string, other: string): number {
  const [first, second] = [trigrams(one), trigrams(other)];
  const common = [...first].filter((part) => second.has(part)).length;
  const all = first.size + second.size - common;
  return all === 0 ? 1 : common / all;
}

function trigrams(text: string): ReadonlySet<string> {
  const plain = ` ${text
    .slice(0, COMPARED)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim()} `;
  return new Set(Array.from({ length: Math.max(0, plain.length - 2) }, (_none, at) => plain.slice(at, at + 3)));
}
