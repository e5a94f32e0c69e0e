/** P122, P123: every step can be reached, and the last one leads on. */
import type { Block, Inline, ProcedureStep } from "./definition.ts";
import { find, type Subject } from "./lint-subject.ts";
import { inlinesOf } from "./reading.ts";

export function lintFlow(subject: Subject): void {
  const { steps } = subject.procedure;
  const reached = reachedSteps(steps);
  for (const step of steps) {
    if (reached.has(step.id)) continue;
    find(
      subject,
      step.position,
      "P122",
      "this step is never reached: the one before it leaves, and no link leads here",
    );
  }
  const last = steps.filter(({ aside }) => !aside).at(-1);
  if (last === undefined || !reached.has(last.id) || inlinesOf(last.body).some(isExit)) return;
  find(
    subject,
    last.position,
    "P123",
    "nothing leads on from this last step; add @end with an outcome, @handoff, @switch, @workflow or a link to a step",
  );
}

/** Ids of the steps that can be reached: from the one before, by a link, or as an aside. */
function reachedSteps(steps: readonly ProcedureStep[]): ReadonlySet<string> {
  const line = steps.filter(({ aside }) => !aside);
  const asides = steps.filter(({ aside }) => aside);
  const open = [...asides, ...line.slice(0, 1)];
  const reached = new Set<string>(open.map(({ id }) => id));
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    const next = step.aside || leaves(step.body) ? undefined : line[line.indexOf(step) + 1];
    const linked = inlinesOf(step.body).flatMap((part) => (part.kind === "link" ? [part.step] : []));
    for (const one of steps) {
      if (reached.has(one.id) || (one !== next && !linked.includes(one.id))) continue;
      reached.add(one.id);
      open.push(one);
    }
  }
  return reached;
}

/** Tells whether a part leads out of its step. */
function isExit(part: Inline): boolean {
  if (part.kind === "link") return true;
  return part.kind === "action" && ["end", "handoff", "switch", "workflow"].includes(part.action.kind);
}

/** Tells whether blocks certainly lead elsewhere than to the next step. */
export function leaves(body: readonly Block[]): boolean {
  return body.some((block) => {
    switch (block.kind) {
      case "prose":
        return sentenceLeaves(block.parts);
      case "branches":
        return block.branches.at(-1)?.test.kind === "else" && block.branches.every((branch) => leaves(branch.body));
      case "list":
        return block.items.some(leaves);
      case "code":
        return false;
    }
  });
}

/** Words that make what follows in the sentence no certainty. */
const CONDITION = /\b(?:if|when|unless|in case|should|otherwise|only|once|until|or|can|may|instead of)\b/i;
/** Words before a link that make it the way on. */
const GOING = /\b(?:go|going|continue|return|jump|move|skip|back)\b/i;

function sentenceLeaves(parts: readonly Inline[]): boolean {
  let sentence = "";
  for (const part of parts) {
    if (part.kind === "text") sentence = `${sentence}${part.text}`.split(/[.!?;]\s/).at(-1) ?? "";
    else if (isExit(part) && !CONDITION.test(sentence) && (part.kind !== "link" || GOING.test(sentence))) return true;
    else sentence += " … ";
  }
  return false;
}
