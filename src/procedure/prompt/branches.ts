/** Branches of a step as they stand: three-valued, since a condition on a value that is missing is undecided. */
import type { Expression } from "../../language/expression.ts";
import { own } from "../../lib/own.ts";
import type { Block, Branch, Inline } from "../definition.ts";
import type { Scene } from "./scene.ts";

export type BranchState = "open" | "closed" | "undecided";

export interface ReadStep {
  branches: readonly { branch: Branch; state: BranchState }[];
  /** Words, sentences and actions outside closed branches, each with the undecided branch that it stands in. */
  parts: readonly { part: Inline; within: Branch | null }[];
}

type Decide = (branch: Branch) => boolean | undefined;

/** Reads the body of a step; what stands in a closed branch is left out. */
export function readStep(body: readonly Block[], scene: Pick<Scene, "at" | "values" | "budget">): ReadStep {
  return readBody(body, null, ({ id, test }) => {
    if (test.kind === "else") return true;
    return test.kind === "judged" ? own(scene.at.judged, id)?.holds : holds(scene, test.if);
  });
}

/** True or false; undefined while a value that it needs is missing. */
export function holds(
  { values, budget }: Pick<Scene, "values" | "budget">,
  condition: Expression,
): boolean | undefined {
  const value = condition.evaluate(values, undefined, budget);
  return typeof value === "boolean" ? value : undefined;
}

function readBody(body: readonly Block[], within: Branch | null, decide: Decide): ReadStep {
  return joined(body.map((block) => readBlock(block, within, decide)));
}

function readBlock(block: Block, within: Branch | null, decide: Decide): ReadStep {
  switch (block.kind) {
    case "prose":
      return { branches: [], parts: block.parts.map((part) => ({ part, within })) };
    case "list":
      return joined(block.items.map((item) => readBody(item, within, decide)));
    case "branches":
      return readChain(block.branches, within, decide);
    case "code":
      return { branches: [], parts: [] };
  }
}

/** The first branch that holds is open, and closes those after it. */
function readChain(chain: readonly Branch[], within: Branch | null, decide: Decide): ReadStep {
  let taken: boolean | undefined = false;
  const read = chain.map((branch): ReadStep => {
    const decided = taken === true ? false : decide(branch);
    const state = decided === false ? "closed" : taken === undefined || decided === undefined ? "undecided" : "open";
    if (decided !== false && taken !== true) taken = state === "open" ? true : undefined;
    const here = { branches: [{ branch, state }], parts: [] } as const;
    if (state === "closed") return here;
    return joined([here, readBody(branch.body, state === "undecided" ? branch : within, decide)]);
  });
  return joined(read);
}

const joined = (all: readonly ReadStep[]): ReadStep => ({
  branches: all.flatMap(({ branches }) => branches),
  parts: all.flatMap(({ parts }) => parts),
});
