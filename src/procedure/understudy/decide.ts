/**
 * The understudy: decides in place of a model, from the file and the state alone. It asks with the file's questions, says
 * the sentences that the file quotes, and hands over where a step needs judgement.
 */
import { own } from "../../lib/own.ts";
import type { Command } from "../command.ts";
import type { Action, Block, Branch, Inline, Procedure, ProcedureStep } from "../definition.ts";
import { inlinesOf, placeOf } from "../reading.ts";
import type { Activation } from "../run.ts";
import { active, evaluated, fieldValue, journal, type Work } from "../work.ts";

/** A part of a step, walked. `through`: nothing stops behind it. */
type Walked = "through" | "stopped";

interface Walking {
  work: Work;
  procedure: Procedure;
  at: Activation;
  commands: Command[];
}

/** The commands that the file demands now; empty: none, because an answer is waited for. */
export function decide(work: Work): readonly Command[] {
  const here = active(work);
  if (here === null) return [];
  const walking: Walking = { work, ...here, commands: [] };
  const from = here.procedure.steps.findIndex(({ id }) => id === here.at.step);
  for (const step of here.procedure.steps.slice(Math.max(0, from)).filter(({ aside }) => !aside)) {
    if (step.id !== here.at.step) walking.commands.push({ kind: "go", step: step.id });
    if (isGuidanceOnly(step)) return [...walking.commands, needsPerson(`The step “${step.title}” needs judgement`)];
    if (walkBlocks(walking, step.body) === "stopped") return walking.commands;
  }
  return [...walking.commands, { kind: "end", outcome: "done" }];
}

const needsPerson = (summary: string): Command => ({ kind: "handoff", queue: "", reason: "stuck", summary });

/** True for a step that consists of guidance for a model. */
function isGuidanceOnly({ body }: ProcedureStep): boolean {
  const acts = inlinesOf(body).some(({ kind }) => kind === "action" || kind === "said" || kind === "link");
  return !acts && !body.some(({ kind }) => kind === "branches" || kind === "code");
}

function walkBlocks(walking: Walking, blocks: readonly Block[]): Walked {
  for (const block of blocks) if (walkBlock(walking, block) === "stopped") return "stopped";
  return "through";
}

function walkBlock(walking: Walking, block: Block): Walked {
  switch (block.kind) {
    case "prose":
      return walkProse(walking, block.parts);
    case "list":
      return block.items.some((item) => walkBlocks(walking, item) === "stopped") ? "stopped" : "through";
    case "branches":
      return walkBranches(walking, block.branches);
    case "code":
      return "through";
  }
}

/** Takes the first branch that holds; one that can't be decided leaves it to a person. */
function walkBranches(walking: Walking, branches: readonly Branch[]): Walked {
  for (const { test, body, id } of branches) {
    if (test.kind === "else") return walkBranch(walking, { body, words: "none of the conditions before it" });
    const holds = test.kind === "judged" ? own(walking.at.judged, id)?.holds : evaluated(walking.work, test.if);
    if (holds === true)
      return walkBranch(walking, { body, words: test.kind === "judged" ? test.when : test.if.source });
    if (holds === false) continue;
    const words = test.kind === "judged" ? test.when : test.if.source;
    return stop(walking, needsPerson(`“${words}” can't be decided without a language model`));
  }
  return "through";
}

/** Walks a branch that holds. The journal tells of it where something of it is to be done now. */
function walkBranch(walking: Walking, { body, words }: { body: readonly Block[]; words: string }): Walked {
  const before = walking.commands.length;
  const walked = walkBlocks(walking, body);
  if (walking.commands.length > before) journal(walking.work, "branch.taken", `Took the branch: ${words}`);
  return walked;
}

function walkProse(walking: Walking, parts: readonly Inline[]): Walked {
  for (const part of parts) {
    if (part.kind === "said") walkSaid(walking, placeOf(part.position));
    if (part.kind === "link") return stop(walking, { kind: "go", step: part.step });
    if (part.kind !== "action") continue;
    const walked = walkAction(walking, part.action, placeOf(part.position));
    if (walked === "stopped") return "stopped";
    // The rest of the sentence is for the case that it was done.
    if (walked === "undone") return "through";
  }
  return "through";
}

function walkSaid({ at, commands }: Walking, place: string): void {
  if (!at.done.includes(place)) commands.push({ kind: "say", sentence: place });
}

function stop({ commands }: Walking, command: Command): "stopped" {
  commands.push(command);
  return "stopped";
}

function walkAction(walking: Walking, action: Action, place: string): Walked | "undone" {
  const { work, at, commands } = walking;
  switch (action.kind) {
    case "ask":
      return fieldValue(work, action.field) === undefined ? stop(walking, action) : "through";
    case "use": {
      const call = own(at.calls, action.operation);
      if (call === undefined) return stop(walking, { kind: "use", operation: action.operation, args: {} });
      return call.outcome === "done" ? "through" : "undone";
    }
    case "set":
      return fieldValue(work, action.field) === undefined
        ? stop(walking, { kind: "set", field: action.field })
        : "through";
    case "run":
      return own(at.outcomes, action.procedure) === undefined ? stop(walking, { ...action, kind: "start" }) : "through";
    case "note":
      if (!at.done.includes(place)) commands.push({ kind: "note", text: action.about, place });
      return "through";
    case "tag":
      if (!at.done.includes(place)) commands.push({ kind: "tag", tag: action.tag, place });
      return "through";
    case "switch":
    case "workflow":
    case "end":
      return stop(walking, action);
    case "handoff":
      return stop(walking, { kind: "handoff", queue: action.queue, reason: "policy", summary: "" });
  }
}
