/** Our own limit. A longer word is no misspelling of a known one, and the time to compare grows with its length. */
const MAX_WORD = 60;

/** The known word that was most likely meant, with at most a third of its letters wrong, or null. */
export function suggest(word: string, known: Iterable<string>): string | null {
  if (word.length === 0 || word.length > MAX_WORD) return null;
  const wanted = word.toLowerCase();
  let best: { word: string; distance: number } | null = null;
  for (const candidate of known) {
    if (candidate.length > MAX_WORD) continue;
    const distance = editDistance(wanted, candidate.toLowerCase());
    const allowed = Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));
    if (distance <= allowed && (best === null || distance < best.distance)) best = { word: candidate, distance };
  }
  return best?.word ?? null;
}

/** The end of a message: ` (did you mean "billing"?)`, or nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const meant = suggest(word, known);
  return meant === null ? "" : ` (did you mean "${meant}"?)`;
}

/** Number of insertions, deletions, replacements and swaps of neighbours from a to b (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(replaced, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
