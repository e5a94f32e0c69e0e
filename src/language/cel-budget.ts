/**
 * Counts what a condition does while it is evaluated. The library has limits for what it parses and none for what it
 * runs, so every node of a parsed expression is made to pay before it is walked and for what it brings back.
 *
 * 1. A loop pays for all its passes before the first one: errors inside `all` and `exists` are caught by the library,
 *    and a loop that went on after them would cost what it was to be kept from.
 * 2. A text pays by its length wherever it is read, so no operation on texts needs a count of its own; but searches,
 *    which pay for hay times needle, and comparisons of lists and maps, which pay for all that is in them.
 */
import type { ASTNode } from "@marcbachmann/cel-js";
import { type Budget, comparisonCost, searchCost, spend } from "./budget.ts";
import { childrenOf } from "./cel-reading.ts";

/** Ours, as measured: walking a node, and an error on the way (it records where it arose). */
export const NODE_COST = 10;
const ERROR_COST = 1_000;
/** Ours, as measured: an item of a list that is made. */
const ITEM_COST = 2;
/** Ours, as measured: the clock of a time zone, looked up in tables. */
const ZONE_COST = 20_000;

const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", "in"]);
const SEARCHES: ReadonlySet<string> = new Set(["contains", "indexOf", "lastIndexOf", "split"]);
/** `at.getHours("Europe/Berlin")` and its kin. */
const ZONED = /^get[A-Z]/;

type Evaluate = (evaluator: unknown, node: Node, context: unknown) => unknown;

/** A node as the library walks it; of this its types show the half. */
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

/** Where the nodes of one expression find the budget of the evaluation under way. */
export interface Purse {
  budget: Budget;
}

/** Has every node of a parsed expression pay from `purse`. */
export function countWork(ast: ASTNode, purse: Purse): void {
  count(ast as unknown as Node, { purse, lastError: undefined });
}

interface Counting {
  readonly purse: Purse;
  /** An error is paid for where it arises, not again by each node that it passes. */
  lastError: unknown;
}

/** What a node's value costs whoever reads it. */
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

/** As the library's own `evaluate` does it, which would put itself in the place of ours. */
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

/** The library asks for the needle first, and for what it is looked for in last. */
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
