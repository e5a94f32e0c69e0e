import { z } from "zod";
import { Attachment } from "../domain/message.ts";

/** Lengths in characters; input is bounded, but the journal reads everything that is stored. */
interface Bounds {
  minText: number;
  maxText: number;
  maxName: number;
}

/** Bounds of input: far longer than anybody types. */
const DOOR: Bounds = { minText: 1, maxText: 20_000, maxName: 200 };
const STORED: Bounds = { minText: 0, maxText: Number.POSITIVE_INFINITY, maxName: Number.POSITIVE_INFINITY };

/** A message that was not written to us: its author, its place and its beginning. */
export interface Quote {
  author: string;
  place: string;
  text: string;
}

/**
 * Builds the schema of an operator's command. `say` was written into the case's thread, so the reply rule decides whether it
 * is a reply or a note; `reply` and `note` say which they are. `edit` and `delete` change words written there before;
 * `send_held` and `keep_held` answer the desk's question about held words. `run` starts a workflow with the trigger
 * `manual`. `start` begins a conversation of ours with a contact; `open` a case about a message that was not written to us.
 * `release` and `off_duty` take a case from its holder.
 */
function commandSchema(object: typeof z.object, { minText, maxText, maxName }: Bounds) {
  const name = z.string().min(1).max(maxName);
  const text = z.string().min(minText).max(maxText);
  const words = z.string().max(maxText);
  /** State of the case when the operator began to write; if it has changed since, the command does nothing. */
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
      /** Id of these words for a later edit; given by the desk. */
      ref: name.optional(),
      /** The thread already shows them, so they are not shown again. */
      shown: z.literal(true).optional(),
      /** They mention a colleague. */
      mentions,
      files: z.array(Attachment).optional(),
    }),
    /** `mentions`: they mention a colleague after the edit. */
    object({ kind: z.literal("edit"), ref: name, text: words, mentions }),
    object({ kind: z.enum(["delete", "send_held", "keep_held"]), ref: name }),
    /** `twoPeople`: the operator confirmed that the cases of two people become one. */
    object({ kind: z.literal("merge"), into: z.int().positive(), twoPeople: z.literal(true).optional() }),
    object({ kind: z.literal("open"), quote: object({ author: name, place: name, text: words }) }),
    object({ kind: z.literal("start"), text, queue: name }),
    object({ kind: z.literal("off_duty") }),
    object({ kind: z.literal("release"), reason: text }),
  ]);
}

/** Commands as input: strict, and bounded. */
export const DeskCommand = commandSchema(z.strictObject as typeof z.object, DOOR);
export type DeskCommand = z.infer<typeof DeskCommand>;

/** Commands as stored in the journal. */
export const StoredDeskCommand = commandSchema(z.object, STORED);
