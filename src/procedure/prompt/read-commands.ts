/** Reads what a model answered as commands. Its tool calls were parsed by their tools, which give commands. */
import type { ModelResult } from "../../domain/model.ts";
import { fail, ok, type Result } from "../../lib/result.ts";
import type { Command } from "../command.ts";
import { commandSchema, TEXT_MAX } from "../command-schema.ts";

/** Commands of one answer. More are a model that repeats itself. */
export const COMMANDS_MAX = 20;

type Answer = Pick<Extract<ModelResult, { kind: "commands" }>, "toolCalls" | "text">;

/** The commands, or a sentence that says what is wrong. Text without tool calls is a reply. */
export function readCommands({ toolCalls, text }: Answer): Result<readonly Command[], string> {
  if (toolCalls.length > COMMANDS_MAX)
    return fail(`You called ${toolCalls.length} tools; call at most ${COMMANDS_MAX} at once.`);
  if (toolCalls.length > 0) return ok(toolCalls.map((call) => commandSchema.parse(call.arguments)));
  const words = text.trim();
  if (words === "") return fail("You answered nothing; call a tool.");
  if (words.length > TEXT_MAX) return fail(`Your reply has ${words.length} characters; at most ${TEXT_MAX} are sent.`);
  return ok([{ kind: "reply", text: words }]);
}
