/** The cost of an expression that its text alone shows: nested loops over lists that are written out. */
import type { ASTNode } from "@marcbachmann/cel-js";
import { MAX_WORK } from "./budget.ts";
import { NODE_COST } from "./cel-budget.ts";
import { childrenOf } from "./cel-reading.ts";
import { COSTLY, type SourceFault } from "./expression.ts";

const LOOPS: ReadonlySet<string> = new Set(["all", "exists", "exists_one", "map", "filter"]);
/** Our own limit. Lists hold hundreds of items, so a third nested loop would run millions of times. */
const MAX_LOOPS = 2;

/** The fault of an expression that costs too much for any values; null if there is none. */
export function costFault(ast: ASTNode): SourceFault | null {
  const deep = tooDeep(ast, 0);
  if (deep !== null)
    return { offset: deep.start, message: `loops (all, exists, map …) may stand ${MAX_LOOPS} deep`, number: COSTLY };
  const parts = partsWalked(ast);
  if (parts * NODE_COST <= MAX_WORK) return null;
  const message = `its loops may take ${parts} steps, more than one event may cost; write shorter lists`;
  return { offset: 0, message, number: COSTLY };
}

function tooDeep(node: ASTNode, loops: number): ASTNode | null {
  const inside = isLoop(node) ? loops + 1 : loops;
  if (inside > MAX_LOOPS) return node;
  for (const child of childrenOf(node.args)) {
    const found = tooDeep(child, child === receiverOf(node) ? loops : inside);
    if (found !== null) return found;
  }
  return null;
}

/** The number of times that a part is evaluated, in loops over lists that are written out. */
function partsWalked(node: ASTNode): number {
  const receiver = receiverOf(node);
  const items = isLoop(node) && receiver?.op === "list" ? receiver.args.length : 1;
  const inside = (child: ASTNode): number => partsWalked(child) * (child === receiver ? 1 : items);
  return childrenOf(node.args).reduce((sum, child) => sum + inside(child), 1);
}

const isLoop = (node: ASTNode): boolean => node.op === "rcall" && LOOPS.has(node.args[0]);

const receiverOf = (node: ASTNode): ASTNode | null => (node.op === "rcall" ? node.args[1] : null);
