import { z } from "zod";
import { Attachment } from "../domain/message.ts";

/** Lengths in characters that a door takes; the journal takes what is stored. */
interface Bounds {
  minText: number;
  maxText: number;
  maxName: number;
}

/** Far longer than anybody types. */
const DOOR: Bounds = { minText: 1, maxText: 20_000, maxName: 200 };
const STORED: Bounds = { minText: 0, maxText: Number.POSITIVE_INFINITY, maxName: Number.POSITIVE_INFINITY };

/** A message that was not written to us: its author, where it stands, and its beginning. */
export interface Quote {
  author: string;
  place: string;
  text: string;
}

/**
 * Commands that an operator gives at a desk. `say` was written into the case's thread, so the reply rule decides; `reply` and
 * `note` were given as that. `edit` and `delete` are of words written there before; `send_held` and `keep_held` answer the
 * desk's question about such words. `run` starts a workflow that has the trigger `manual`. `start` begins a conversation of
 * ours with a contact; `open` a case about a message that was not written to us. `release` and `off_duty` take a case from
 * its holder.
 */
function commandSchema(object: typeof z.object, { minText, maxText, maxName }: Bounds) {
  const name = z.string().min(1).max(maxName);
  const text = z.string().min(minText).max(maxText);
  const words = z.string().max(maxText);
  /** The case as the operator saw it when they began to write; where it has moved on since, nothing is done. */
  const seen = object({ holder: z.string().nullable(), queue: name }).optional();
  const mentions = z.literal(true).optional();
  return z.discriminatedUnion("kind", [
    object({ kind: z.enum(["claim", "unclaim", "take_over", "hand_back", "resolve"]) }),
    object({ kind: z.literal("transfer"), queue: name, seen }),
    object({ kind: z.literal("run"), workflow: name, seen }),
    object({ kind: z.enum(["reply", "note"]), text, seen }),
    object({
      kind: z.literal("say"),
      text: words,
      /** Names these words for a later edit; given by the desk. */
      ref: name.optional(),
      /** The thread shows them already, so they are not shown again. */
      shown: z.literal(true).optional(),
      /** They name a colleague. */
      mentions,
      files: z.array(Attachment).optional(),
    }),
    /** `mentions`: they name a colleague now. */
    object({ kind: z.literal("edit"), ref: name, text: words, mentions }),
    object({ kind: z.enum(["delete", "send_held", "keep_held"]), ref: name }),
    /** `twoPeople`: they were asked whether the cases of two people become one, and agreed. */
    object({ kind: z.literal("merge"), into: z.int().positive(), twoPeople: z.literal(true).optional() }),
    object({ kind: z.literal("open"), quote: object({ author: name, place: name, text: words }) }),
    object({ kind: z.literal("start"), text, queue: name }),
    object({ kind: z.literal("off_duty") }),
    object({ kind: z.literal("release"), reason: text }),
  ]);
}

/** Commands as they come in: nothing more in them than is known, and no longer than people write. */
export const DeskCommand = commandSchema(z.strictObject as typeof z.object, DOOR);
export type DeskCommand = z.infer<typeof DeskCommand>;

/** Commands as the journal holds them. */
export const StoredDeskCommand = commandSchema(z.object, STORED);
