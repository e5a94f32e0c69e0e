/** Tools that are the same for every procedure, and those of the choice of a procedure. */
import { z } from "zod";
import type { ToolSpec } from "../../../domain/model.ts";
import { HANDOFF_REASONS, ITEMS_MAX, NAME_MAX, TEXT_MAX } from "../../command-schema.ts";
import { choiceOf } from "./choice.ts";
import { tool } from "./tool.ts";

const text = z.string().max(TEXT_MAX);
const procedureId = z.string().max(NAME_MAX).describe("Id of a procedure of the catalogue");

const REPLY = tool({
  name: "reply",
  description: "Says something to the customer in your own words.",
  given: { text: text.min(1) },
  command: (given) => ({ kind: "reply", ...given }),
});

const START = tool({
  name: "start",
  description: "Begins another procedure for what the customer wants now. The active one, if any, goes on after it.",
  given: { procedure: procedureId },
  command: (given) => ({ kind: "start", ...given }),
});

const SWITCH = tool({
  name: "switch",
  description: "Leaves the active procedure for another one, because the customer wants that instead.",
  given: { procedure: procedureId },
  command: (given) => ({ kind: "switch", ...given }),
});

const CANCEL = tool({
  name: "cancel",
  description: "Drops the active procedure, because the customer does not want it any more.",
  given: {},
  command: () => ({ kind: "cancel" }),
});

const CLARIFY = tool({
  name: "clarify",
  description: "Asks the customer which of several procedures they mean. Only if their words fit more than one.",
  given: { candidates: z.array(procedureId).min(2).max(ITEMS_MAX) },
  command: (given) => ({ kind: "clarify", ...given }),
});

const NOTE = tool({
  name: "note",
  description: "Leaves an internal note for the colleagues. The customer never sees it.",
  given: { text: text.min(1) },
  command: (given) => ({ kind: "note", ...given }),
});

const UNTAKEN = tool({
  name: "end",
  description: "Says that no procedure of the catalogue serves what the customer wants. Others then take care of them.",
  given: { outcome: z.enum(["none"]) },
  command: (given) => ({ kind: "end", ...given }),
});

const HANDOFF = {
  name: "handoff",
  description:
    "Gives the conversation to a person. Reasons: asked (the customer wants a person), stuck (you can't help), " +
    "policy (the procedure says so), failure (something broke).",
};

const handoff = {
  reason: z.enum(HANDOFF_REASONS),
  summary: text.describe("For the person: what the customer wants, and what was done"),
};

/** `targets`: the queues and workflows that the file names. */
export function handoffTool(targets: readonly string[]): ToolSpec {
  const queue = choiceOf(targets);
  if (queue === null)
    return tool({ ...HANDOFF, given: handoff, command: (given) => ({ kind: "handoff", queue: "", ...given }) });
  const named = queue.nullish().describe("Who gets it, where the procedure names them; null: the usual people");
  return tool({
    ...HANDOFF,
    given: { ...handoff, queue: named },
    command: (given) => ({ kind: "handoff", ...given, queue: given.queue ?? "" }),
  });
}

/** In every procedure. */
export const FIXED_TOOLS: readonly ToolSpec[] = [REPLY, START, SWITCH, CANCEL, CLARIFY, NOTE];

/** While no procedure is active. */
export const SELECTION_TOOLS: readonly ToolSpec[] = [CLARIFY, UNTAKEN, handoffTool([]), REPLY, START];
