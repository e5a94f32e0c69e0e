/** How alike two sentences are, from 0 to 1: the share of three-letter pieces that they have in common. */
export function similarity(a: string, b: string): number {
  const [one, other] = [piecesOf(a), piecesOf(b)];
  if (one.size === 0 || other.size === 0) return 0;
  const common = [...one].filter((piece) => other.has(piece)).length;
  return common / (one.size + other.size - common);
}

function piecesOf(text: string): ReadonlySet<string> {
  const words = ` ${normalWords(text)} `;
  return new Set(Array.from({ length: Math.max(0, words.length - 2) }, (_, at) => words.slice(at, at + 3)));
}

/** Words in small letters, without punctuation. */
const normalWords = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
