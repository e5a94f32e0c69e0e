import { z } from "zod";

/** Longer than anybody types; what is longer is refused at the door. */
const MAX_TEXT_CHARACTERS = 20_000;
const MAX_NAME_CHARACTERS = 200;

const Name = z.string().min(1).max(MAX_NAME_CHARACTERS);
const Text = z.string().min(1).max(MAX_TEXT_CHARACTERS);

/**
 * What an operator asks for at a desk. `say` was written into the case's thread, so the reply rule decides; `reply` and
 * `note` were said to be that. `run` starts a workflow that has the trigger `manual`.
 */
export const DeskCommand = z.discriminatedUnion("do", [
  z.strictObject({ do: z.enum(["claim", "unclaim", "take_over", "hand_back", "resolve"]) }),
  z.strictObject({ do: z.literal("transfer"), queue: Name }),
  z.strictObject({ do: z.literal("run"), workflow: Name }),
  z.strictObject({ do: z.enum(["say", "reply", "note"]), text: Text }),
]);

export type DeskCommand = z.infer<typeof DeskCommand>;
