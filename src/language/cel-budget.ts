/**
 * Counts the work of evaluating a condition. The library limits parsing but not evaluation, so every node of a parsed
 * expression takes units from the budget before it is evaluated, and again for the value that it returns.
 *
 * 1. A loop pays for all its passes before the first one. The library catches errors inside `all` and `exists`, so a
 *    loop that paid for each pass would go on after the budget is spent.
 * 2. A text pays by its length wherever it is read, so most operations on texts need no count of their own. Searches
 *    do (length of the text times length of the search term), and comparisons of lists and maps (all that they hold).
 */
import type { ASTNode } from "@marcbachmann/cel-js";
import { type Budget, comparisonCost, searchCost, spend } from "./budget.ts";
import { childrenOf } from "./cel-reading.ts";

/** Measured by us: evaluating a node; and an error, which records its place. */
export const NODE_COST = 10;
const ERROR_COST = 1_000;
/** Measured by us: an item of a new list. */
const ITEM_COST = 2;
/** Measured by us: a time in a named zone, which is looked up in tables. */
const ZONE_COST = 20_000;

const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", "in"]);
const SEARCHES: ReadonlySet<string> = new Set(["contains", "indexOf", "lastIndexOf", "split"]);
/** Matches functions like `at.getHours("Europe/Berlin")`. */
const ZONED = /^get[A-Z]/;

type Evaluate = (evaluator: unknown, node: Node, context: unknown) => unknown;

/** A node as the library evaluates it. The library's own types leave out half of these members. */
interface Node {
  readonly op: string;
  readonly args: unknown;
  readonly meta: { alternate?: Node; macro?: { evaluate: Evaluate }; evaluate: Evaluate };
  evaluate: Evaluate;
}

interface Loop {
  iterable: Node;
  step: Node;
}

/** Holds the budget of the current evaluation for the nodes of one expression. */
export interface Purse {
  budget: Budget;
}

/** Makes every node of a parsed expression pay from `purse`. */
export function countWork(ast: ASTNode, purse: Purse): void {
  count(ast as unknown as Node, { purse, lastError: undefined });
}

interface Counting {
  readonly purse: Purse;
  /** The error paid for last, so that the nodes which it passes through do not pay for it again. */
  lastError: unknown;
}

/** Units that a node pays for its value. */
type Price = (value: unknown) => number;

function count(node: Node, counting: Counting, price: Price = shallow): void {
  node.evaluate = (evaluator, _node, context) => {
    const { budget } = counting.purse;
    spend(budget, NODE_COST + fixedCost(node));
    try {
      const value = walked(node, evaluator, context);
      spend(budget, price(value));
      return value;
    } catch (error) {
      if (error !== counting.lastError) {
        counting.lastError = error;
        spend(budget, ERROR_COST);
      }
      throw error;
    }
  };
  countInside(node, counting);
}

/** Evaluates a node in the way of the library's own `evaluate`, which would replace ours if it were called. */
function walked(node: Node, evaluator: unknown, context: unknown): unknown {
  const { alternate, macro, evaluate } = node.meta;
  if (alternate !== undefined) return alternate.evaluate(evaluator, alternate, context);
  if (macro !== undefined) return macro.evaluate(evaluator, macro as unknown as Node, context);
  return evaluate(evaluator, node, context);
}

function countInside(node: Node, counting: Counting): void {
  const { alternate } = node.meta;
  if (alternate !== undefined) return count(alternate, counting);
  if (node.op === "comprehension") return countLoop(node.args as Loop, counting);
  const [receiver, ...given] = operandsOf(node);
  if (receiver === undefined) return;
  if (COMPARISONS.has(node.op))
    return [receiver, ...given].forEach((one) => count(one, counting, (value) => comparisonCost(value)));
  if (node.op === "rcall" && SEARCHES.has(nameOf(node))) return countSearch(receiver, given, counting);
  for (const one of [receiver, ...given]) count(one, counting);
}

const operandsOf = (node: Node): Node[] => childrenOf(node.args) as unknown as Node[];

const nameOf = ({ args }: Node): string => (Array.isArray(args) ? String(args[0]) : "");

function countLoop({ iterable, step }: Loop, counting: Counting): void {
  const passes = nodesIn(step);
  count(iterable, counting, (value) => shallow(value) + lengthOf(value) * passes * NODE_COST);
  count(step, counting);
}

/** Counts a search. The library evaluates the search term first, and the text that it searches last. */
function countSearch(hay: Node, [needle, ...others]: readonly Node[], counting: Counting): void {
  let length = 0;
  if (needle !== undefined) {
    count(needle, counting, (value) => {
      length = lengthOf(value);
      return length;
    });
  }
  for (const other of others) count(other, counting);
  count(hay, counting, (value) => lengthOf(value) + searchCost(lengthOf(value), length));
}

const nodesIn = (node: Node): number => 1 + operandsOf(node).reduce((sum, one) => sum + nodesIn(one), 0);

const fixedCost = (node: Node): number =>
  node.op === "rcall" && ZONED.test(nameOf(node)) && operandsOf(node).length > 1 ? ZONE_COST : 0;

const shallow: Price = (value) =>
  typeof value === "string" ? value.length : Array.isArray(value) ? value.length * ITEM_COST : 0;

function lengthOf(value: unknown): number {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  return typeof value === "object" && value !== null ? Object.keys(value).length : 0;
}
