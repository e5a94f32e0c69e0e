/**
 * Counts what a text does while it is rendered. liquidjs would stop it by the clock (`renderLimit`), which differs from
 * machine to machine; here every part that is rendered, every filter, comparison and loop pays by what it has before it.
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

/** Ours, as measured: rendering a part of a text, and another pass of a loop. */
const PART_COST = 100;
/** Ours, as measured: a comparison, however short. */
const COMPARISON_COST = 30;
/** Ours, as measured: a filter, however little it is given. */
const FILTER_COST = 50;
/** Ours, as measured: formatting a date, and a character of its form: `%c` looks up a calendar. */
const DATE_COST = 4_000;
const DATE_FORM_COST = 400;
/** Ours, as measured: the clock of a time zone, looked up in tables. */
const ZONE_COST = 15_000;

/** Ours, as measured: an item of a range or a character that the library makes. */
const MADE_COST = 5;

/** How much more than a look at it these filters do for each item or character. */
const EFFORTS: ReadonlyMap<string, number> = new Map([
  ...["sort", "sort_natural", "where", "reject", "has", "find", "find_index", "group_by", "map", "sum"].map(each(50)),
  ...["where_exp", "reject_exp", "has_exp", "find_exp", "find_index_exp", "group_by_exp"].map(each(300)),
  ...["escape", "escape_once", "xml_escape", "uniq", "slugify", "number_of_words", "url_encode"].map(each(10)),
  ...["cgi_escape", "uri_escape", "json", "jsonify", "inspect"].map(each(10)),
]);
const DATE_FILTER = /^date/;
/** They look for their first argument in what they are given. */
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

/** Where what is rendered with a context finds its budget. */
const budgets = new WeakMap<Context["memoryLimit"], Budget>();

/** A context whose renderings pay from `budget`. The values are copied: tags may write to the scope they are given. */
export function budgetedContext(liquid: Liquid, values: object, budget: Budget): Context {
  const scope = Object.assign(Object.create(null) as object, values);
  const context = new Context(scope, liquid.options, { sync: true }, { liquid });
  // The library's limiters, which only its own class may be: `use` is told what is made, `check` of every part rendered.
  const limiter = { use: (made: number) => pay(budget, made), check: () => spend(budget, PART_COST) };
  context.memoryLimit = limiter as unknown as Context["memoryLimit"];
  context.renderLimit = limiter as unknown as Context["renderLimit"];
  budgets.set(context.memoryLimit, budget);
  return context;
}

/** `use` is told less than nothing where a text becomes shorter, and "NaN" where a range has no numbers. */
const pay = (budget: Budget, made: number): void => spend(budget, made > 0 ? made * MADE_COST : 0);

/** A context that a filter made for an item has the limiters of the one it was made from. */
function budgetOf(context: Context): Budget {
  const budget = budgets.get(context.memoryLimit);
  if (budget === undefined) throw new Error("A text was rendered without a budget");
  return budget;
}

/** Operators that pay for what they compare. */
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

/** Has every filter of an engine pay for what it is given, and counts what is put into the text. */
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

/** `for`, which copies the list that it is given before its first pass. */
export class CountedFor extends ForTag {
  override *render(context: Context, emitter: Emitter): ReturnType<ForTag["render"]> {
    const items: unknown = yield evalToken(this.collection, context);
    spend(budgetOf(context), sizeOf(items, budgetOf(context).left));
    yield* super.render(context, emitter);
  }
}

/** `case`, which compares without the operators. */
export class CountedCase extends CaseTag {
  override *render(context: Context, emitter: Emitter): ReturnType<CaseTag["render"]> {
    const budget = budgetOf(context);
    const values = this.branches.reduce((sum, branch) => sum + branch.values.length, 1);
    spend(budget, comparisonCost(yield this.value.value(context)) * values);
    yield* super.render(context, emitter);
  }
}
