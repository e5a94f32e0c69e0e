/**
 * Counts the work of rendering a text. The `renderLimit` of liquidjs is a time, which differs from machine to machine;
 * here every rendered part, filter, comparison and loop takes units from the budget by the size of its input.
 */
import {
  CaseTag,
  Context,
  defaultOperators,
  type Emitter,
  evalToken,
  type FilterImplOptions,
  ForTag,
  type Liquid,
  type Operators,
} from "liquidjs";
import { type Budget, comparisonCost, searchCost, sizeOf, spend } from "./budget.ts";

/** Measured by us: rendering a part of a text, or one pass of a loop. */
const PART_COST = 100;
/** Measured by us: a comparison, without the size of its operands. */
const COMPARISON_COST = 30;
/** Measured by us: a filter, without the size of its input. */
const FILTER_COST = 50;
/** Measured by us: formatting a date, and each character of its format (`%c` looks up a calendar). */
const DATE_COST = 4_000;
const DATE_FORM_COST = 400;
/** Measured by us: a time in a named zone, which is looked up in tables. */
const ZONE_COST = 15_000;

/** Measured by us: an item of a range, or a character of a text, that the library makes. */
const MADE_COST = 5;

/** Factors for filters that do more with each item or character than read it. */
const EFFORTS: ReadonlyMap<string, number> = new Map([
  ...["sort", "sort_natural", "where", "reject", "has", "find", "find_index", "group_by", "map", "sum"].map(each(50)),
  ...["where_exp", "reject_exp", "has_exp", "find_exp", "find_index_exp", "group_by_exp"].map(each(300)),
  ...["escape", "escape_once", "xml_escape", "uniq", "slugify", "number_of_words", "url_encode"].map(each(10)),
  ...["cgi_escape", "uri_escape", "json", "jsonify", "inspect"].map(each(10)),
]);
const DATE_FILTER = /^date/;
/** Filters that search their input for their first argument. */
const SEARCHES: ReadonlySet<string> = new Set([
  "split",
  "replace",
  "replace_first",
  "replace_last",
  "remove",
  "remove_first",
  "remove_last",
]);

function each(effort: number): (name: string) => [string, number] {
  return (name) => [name, effort];
}

/** Budgets of contexts, by the limiter that a context and its copies share. */
const budgets = new WeakMap<Context["memoryLimit"], Budget>();

/** A context whose renderings pay from `budget`. The values are copied, because tags can write to the scope. */
export function budgetedContext(liquid: Liquid, values: object, budget: Budget): Context {
  const scope = Object.assign(Object.create(null) as object, values);
  const context = new Context(scope, liquid.options, { sync: true }, { liquid });
  // Replaces the library's limiters: it calls `use` with the size of what it makes, `check` for every rendered part.
  const limiter = { use: (made: number) => pay(budget, made), check: () => spend(budget, PART_COST) };
  context.memoryLimit = limiter as unknown as Context["memoryLimit"];
  context.renderLimit = limiter as unknown as Context["renderLimit"];
  budgets.set(context.memoryLimit, budget);
  return context;
}

/** Pays for new text or items. The size is negative for a shorter text, and NaN for a range without numbers. */
const pay = (budget: Budget, made: number): void => spend(budget, made > 0 ? made * MADE_COST : 0);

/** The budget of a context. A context that a filter makes for an item has the limiters of its parent. */
function budgetOf(context: Context): Budget {
  const budget = budgets.get(context.memoryLimit);
  if (budget === undefined) throw new Error("A text was rendered without a budget");
  return budget;
}

/** Operators that pay by the size of their operands. */
export const COUNTED_OPERATORS: Operators = Object.fromEntries(
  Object.entries(defaultOperators).map(([sign, compare]) => [sign, counted(sign, compare)]),
);

function counted(sign: string, compare: Operators[string]): Operators[string] {
  if (compare.length < 2 || sign === "not") return compare;
  return (left: unknown, right: unknown, context: Context) => {
    const budget = budgetOf(context);
    spend(budget, COMPARISON_COST);
    if (sign !== "and" && sign !== "or") spend(budget, comparisonCost(left) + comparisonCost(right));
    if (sign === "contains" && typeof left === "string") spend(budget, searchCost(left.length, lengthOf(right)));
    return (compare as (l: unknown, r: unknown, context: Context) => boolean)(left, right, context);
  };
}

type Filter = (this: { context: Context }, value: unknown, ...given: unknown[]) => unknown;

/** Makes every filter of an engine pay by the size of its input. */
export function countFilters(liquid: Liquid): void {
  for (const [name, filter] of Object.entries(liquid.filters)) {
    const handler = handlerOf(filter);
    liquid.registerFilter(name, function (this: { context: Context }, value: unknown, ...given: unknown[]) {
      payFilter(name, budgetOf(this.context), [value, ...given]);
      return handler.call(this, value, ...given);
    } as FilterImplOptions);
  }
}

/** Pays for a value that is put into the text. */
export function countOutput(this: unknown, value: unknown): unknown {
  const { context } = this as { context: Context };
  spend(budgetOf(context), sizeOf(value, budgetOf(context).left));
  return value;
}

function handlerOf(filter: FilterImplOptions): Filter {
  return (typeof filter === "function" ? filter : filter.handler) as Filter;
}

function payFilter(name: string, budget: Budget, [value, ...given]: readonly unknown[]): void {
  const date = DATE_FILTER.test(name);
  spend(budget, date ? DATE_COST + (given.length > 1 ? ZONE_COST : 0) : FILTER_COST);
  const size = sizeOf(value, budget.left) * (EFFORTS.get(name) ?? 1);
  const others = given.reduce<number>((sum, one) => sum + sizeOf(one, budget.left), 0);
  spend(budget, size + others * (date ? DATE_FORM_COST : 1));
  if (SEARCHES.has(name)) spend(budget, searchCost(size, lengthOf(given[0])));
}

const lengthOf = (value: unknown): number => (typeof value === "string" ? value.length : 0);

/** `for` that pays for its list, which the library copies before the first pass. */
export class CountedFor extends ForTag {
  override *render(context: Context, emitter: Emitter): ReturnType<ForTag["render"]> {
    const items: unknown = yield evalToken(this.collection, context);
    spend(budgetOf(context), sizeOf(items, budgetOf(context).left));
    yield* super.render(context, emitter);
  }
}

/** `case` that pays for its comparisons, which do not use the operators. */
export class CountedCase extends CaseTag {
  override *render(context: Context, emitter: Emitter): ReturnType<CaseTag["render"]> {
    const budget = budgetOf(context);
    const values = this.branches.reduce((sum, branch) => sum + branch.values.length, 1);
    spend(budget, comparisonCost(yield this.value.value(context)) * values);
    yield* super.render(context, emitter);
  }
}
