/**
 * What the conditions and texts of one event may cost together. It is counted, not timed, so that every machine gives up
 * at the same place and a replay decides the same.
 */

/** Units of work; `left` goes below zero when it is spent, and stays there. */
export interface Budget {
  left: number;
}

/**
 * Ours: 20 to 90 ms of a slow core, as one turn may hold a process for 100. A unit is roughly a character that is read or
 * written (10 ns); the costs of other things are weighed against that.
 */
export const MAX_WORK = 3_000_000;

/** Characters compared in a search for each unit: engines search long needles in hay times needle. */
const COMPARED_PER_UNIT = 64;
/** Ours, as measured: an item or a key of a list or map that is compared with another. */
const ITEM_COST = 5;

export const newBudget = (): Budget => ({ left: MAX_WORK });

export const isSpent = (budget: Budget): boolean => budget.left < 0;

/** The sentence for the journal, to be set behind what was given up. */
export const SPENT_SAYS =
  `its loops, lists and texts take more than the ${MAX_WORK} steps of work that one event may cost; ` +
  "go through fewer items, or through shorter texts";

/** Thrown by `spend`. One of its kind, because a loop may meet it thousands of times before it ends. */
class BudgetSpent extends Error {
  override readonly name = "BudgetSpent";
}

const SPENT = new BudgetSpent(SPENT_SAYS);

/** Takes units off a budget; throws where it has not as many. */
export function spend(budget: Budget, units: number): void {
  // A spent budget stays spent: what is thrown here may be caught on its way by a library.
  if (budget.left >= 0) budget.left -= Math.max(0, units);
  if (budget.left < 0) throw SPENT;
}

/** Units that looking for a needle in a hay may take at worst. */
export const searchCost = (hay: number, needle: number): number => (hay * needle) / COMPARED_PER_UNIT;

/** Units that comparing a value with another may take at worst. */
export const comparisonCost = (value: unknown, enough = MAX_WORK): number =>
  typeof value === "string" ? value.length : sizeOf(value, enough) * ITEM_COST;

/**
 * How much there is in a value: its characters, items and keys, all the way down. Counting stops above `enough`, because
 * lists that hold one another can be larger than any count.
 */
export function sizeOf(value: unknown, enough = MAX_WORK): number {
  if (typeof value === "string") return value.length + 1;
  if (typeof value !== "object" || value === null) return 1;
  const inside: readonly unknown[] = Array.isArray(value) ? value : Object.entries(value).flat();
  let size = inside.length + 1;
  for (const item of inside) {
    if (size > enough) break;
    size += sizeOf(item, enough - size);
  }
  return size;
}
