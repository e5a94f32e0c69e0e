/** Parses commands: those of a model's tool calls, and those of an answer that was journalled. */
import { z } from "zod";
import type { Command, HandoffReason } from "./command.ts";

/** Characters of a reply or a summary: twice what anyone writes in a chat. */
export const TEXT_MAX = 4_000;
/** Characters of the words that a value rests on. */
export const QUOTE_MAX = 1_000;
/** Characters of a name: of a field, a step, a branch, a procedure. */
export const NAME_MAX = 200;
/** Values in one command, and procedures to ask about. */
export const ITEMS_MAX = 20;

export const HANDOFF_REASONS = ["asked", "stuck", "policy", "failure"] as const satisfies readonly HandoffReason[];

const name = z.string().max(NAME_MAX);
const text = z.string().max(TEXT_MAX);
const quote = z.string().max(QUOTE_MAX);

const setField = z.object({ field: name, value: z.unknown(), quote });

export const commandSchema: z.ZodType<Command> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("reply"), text }),
  z.object({ kind: z.literal("say"), sentence: name }),
  z.object({ kind: z.literal("ask"), field: name }),
  z.object({ kind: z.literal("set_fields"), fields: z.array(setField).max(ITEMS_MAX) }),
  z.object({ kind: z.literal("set"), field: name }),
  z.object({ kind: z.literal("use"), operation: name, args: z.record(z.string(), z.unknown()) }),
  z.object({ kind: z.literal("go"), step: name }),
  z.object({ kind: z.literal("judge"), branch: name, holds: z.boolean(), quote }),
  z.object({ kind: z.literal("start"), procedure: name }),
  z.object({ kind: z.literal("switch"), procedure: name }),
  z.object({ kind: z.literal("cancel") }),
  z.object({ kind: z.literal("clarify"), candidates: z.array(name).max(ITEMS_MAX) }),
  z.object({ kind: z.literal("note"), text }),
  z.object({ kind: z.literal("tag"), tag: name }),
  z.object({ kind: z.literal("workflow"), workflow: name }),
  z.object({ kind: z.literal("handoff"), queue: name, reason: z.enum(HANDOFF_REASONS), summary: text }),
  z.object({ kind: z.literal("end"), outcome: name }),
]);
