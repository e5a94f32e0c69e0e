import { z } from "zod";
import type { ToolSpec } from "../../../domain/model.ts";
import { QUOTE_MAX } from "../../command-schema.ts";
import type { Procedure } from "../../definition.ts";
import { choiceOf, type NameChoice } from "./choice.ts";
import { actionsNamed, judgedBranches, sentenceIds } from "./named.ts";
import { tool } from "./tool.ts";

/** Outcome of a procedure whose file declares none. */
const DONE = "done";

/** Tools that name a place of the file: a step, a branch, a sentence, a tag, a workflow, an outcome. */
export function placeTools(procedure: Procedure): ToolSpec[] {
  const tools: readonly (readonly [readonly string[], (names: NameChoice) => ToolSpec])[] = [
    [procedure.steps.map(({ id }) => id), goTool],
    [judgedBranches(procedure), judgeTool],
    [sentenceIds(procedure), sayTool],
    [actionsNamed(procedure, "tag").map(({ tag }) => tag), tagTool],
    [actionsNamed(procedure, "workflow").map(({ workflow }) => workflow), workflowTool],
    [outcomesOf(procedure), endTool],
  ];
  return tools.flatMap(([names, make]) => {
    const choice = choiceOf(names);
    return choice === null ? [] : [make(choice)];
  });
}

function outcomesOf(procedure: Procedure): readonly string[] {
  const declared = actionsNamed(procedure, "end").map(({ outcome }) => outcome);
  return declared.length === 0 ? [DONE] : declared;
}

const goTool = (step: NameChoice): ToolSpec =>
  tool({
    name: "go",
    description: "Goes to a step of the active procedure, forwards or back.",
    given: { step },
    command: (given) => ({ kind: "go", ...given }),
  });

const judgeTool = (branch: NameChoice): ToolSpec =>
  tool({
    name: "judge",
    description: "Decides a branch whose condition is in words.",
    given: {
      branch,
      holds: z.boolean(),
      quote: z
        .string()
        .max(QUOTE_MAX)
        .describe("The customer's own words that decide it, copied letter by letter; empty if it does not hold"),
    },
    command: (given) => ({ kind: "judge", ...given }),
  });

const sayTool = (sentence: NameChoice): ToolSpec =>
  tool({
    name: "say",
    description: "Says a sentence of the procedure word for word; the state lists the sentences with their ids.",
    given: { sentence },
    command: (given) => ({ kind: "say", ...given }),
  });

const tagTool = (tag: NameChoice): ToolSpec =>
  tool({
    name: "tag",
    description: "Tags the conversation, where the procedure says so.",
    given: { tag },
    command: (given) => ({ kind: "tag", ...given }),
  });

const workflowTool = (workflow: NameChoice): ToolSpec =>
  tool({
    name: "workflow",
    description: "Ends the procedure and gives the conversation to a workflow, where the procedure says so.",
    given: { workflow },
    command: (given) => ({ kind: "workflow", ...given }),
  });

const endTool = (outcome: NameChoice): ToolSpec =>
  tool({
    name: "end",
    description: "Ends the active procedure with an outcome, where the procedure says so or all of it is done.",
    given: { outcome },
    command: (given) => ({ kind: "end", ...given }),
  });
