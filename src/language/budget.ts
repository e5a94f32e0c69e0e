/**
 * Limits the total cost of the conditions and texts of one event. Cost is counted, not timed, so that every machine
 * stops at the same place and a replay decides the same.
 */

/** Units of work. `left` goes below zero when the budget is spent, and stays there. */
export interface Budget {
  left: number;
}

/**
 * Our own limit: 20 to 90 ms of a slow core, because one turn may hold a process for 100 ms. A unit is about the cost
 * of reading or writing one character (10 ns); other costs are measured against that.
 */
export const MAX_WORK = 3_000_000;

/** Character comparisons of a search per unit. A search takes up to text length times search term length of them. */
const COMPARED_PER_UNIT = 64;
/** Measured by us: comparing an item of a list or a key of a map. */
const ITEM_COST = 5;

export const newBudget = (): Budget => ({ left: MAX_WORK });

export const isSpent = (budget: Budget): boolean => budget.left < 0;

/** The sentence for the journal, placed after the name of what was given up. */
export const SPENT_SAYS =
  `its loops, lists and texts take more than the ${MAX_WORK} steps of work that one event may cost; ` +
  "go through fewer items, or through shorter texts";

/** Thrown by `spend`. There is one instance, because a loop can throw it thousands of times before it ends. */
class BudgetSpent extends Error {
  override readonly name = "BudgetSpent";
}

const SPENT = new BudgetSpent(SPENT_SAYS);

/** Takes units from a budget; throws if it has too few. */
export function spend(budget: Budget, units: number): void {
  // A spent budget stays spent, because a library may catch the error on its way.
  if (budget.left >= 0) budget.left -= Math.max(0, units);
  if (budget.left < 0) throw SPENT;
}

/** Units for a search in the worst case; both lengths in characters. */
export const searchCost = (hay: number, needle: number): number => (hay * needle) / COMPARED_PER_UNIT;

/** Units for comparing a value with another in the worst case. */
export const comparisonCost = (value: unknown, enough = MAX_WORK): number =>
  typeof value === "string" ? value.length : sizeOf(value, enough) * ITEM_COST;

/**
 * Size of a value: its characters, items and keys, nested ones included. Counting stops above `enough`, because lists
 * that share items can be far larger than the memory they take.
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
