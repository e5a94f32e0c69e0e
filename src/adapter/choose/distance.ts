/**
 * Returns the Damerau-Levenshtein distance (optimal string alignment): insertions, deletions, substitutions and swaps of
 * neighbours. Counts in UTF-16 code units and stops early: `limit + 1` means "more than `limit`".
 */
export function distance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  let before: number[] = [];
  let above = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= right.length; column++) {
      const same = left.charCodeAt(row - 1) === right.charCodeAt(column - 1);
      let cost = Math.min(at(above, column) + 1, at(current, column - 1) + 1, at(above, column - 1) + (same ? 0 : 1));
      if (isSwap(left, right, row, column)) cost = Math.min(cost, at(before, column - 2) + 1);
      current.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    before = above;
    above = current;
  }
  return Math.min(at(above, right.length), limit + 1);
}

const at = (row: readonly number[], column: number): number => row[column] ?? Number.POSITIVE_INFINITY;

// biome-ignore format: the two crossed pairs read side by side
function isSwap(left: string, right: string, row: number, column: number): boolean {
  return row > 1 && column > 1
    && left.charCodeAt(row - 1) === right.charCodeAt(column - 2)
    && left.charCodeAt(row - 2) === right.charCodeAt(column - 1);
}

/** True when both begin alike, or with their first two letters swapped: "deactivate" is two letters from "activate". */
export function sameStart(left: string, right: string): boolean {
  return left[0] === right[0] || (left[0] === right[1] && left[1] === right[0]);
}
