import { z } from "zod";

/** Longer than anybody types; a longer text is rejected. */
const MAX_TEXT_CHARACTERS = 20_000;
const MAX_NAME_CHARACTERS = 200;

const Name = z.string().min(1).max(MAX_NAME_CHARACTERS);
const Text = z.string().min(1).max(MAX_TEXT_CHARACTERS);

const Ref = z.string().min(1).max(MAX_NAME_CHARACTERS);
const Files = z.array(
  z.object({
    ref: z.string().min(1),
    name: z.string().exactOptional(),
    mediaType: z.string().exactOptional(),
    bytes: z.number().exactOptional(),
  }),
);

/** State of the case when the operator began to write; if it has changed since, the command does nothing. */
const Seen = z.strictObject({ holder: z.string().nullable(), queue: Name });

/** A message that was not written to us: its author, its place and its beginning. */
const Quote = z.strictObject({ author: Name, place: Name, text: z.string().max(MAX_TEXT_CHARACTERS) });
export type Quote = z.infer<typeof Quote>;

/**
 * A command from an operator at a desk. `say` was written into the case's thread, so the reply rule decides whether it is
 * a reply or a note; `reply` and `note` say which they are. `edit` and `delete` change words written there before;
 * `send_held` and `keep_held` answer the desk's question about held words. `run` starts a workflow with the trigger
 * `manual`. `start` begins a conversation of ours with a contact; `open` a case about a message that was not written to
 * us. `release` and `off_duty` take a case from its holder.
 */
export const DeskCommand = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.enum(["claim", "unclaim", "take_over", "hand_back", "resolve"]) }),
  z.strictObject({ kind: z.literal("transfer"), queue: Name, seen: Seen.optional() }),
  z.strictObject({ kind: z.literal("run"), workflow: Name, seen: Seen.optional() }),
  z.strictObject({ kind: z.enum(["reply", "note"]), text: Text, seen: Seen.optional() }),
  z.strictObject({
    kind: z.literal("say"),
    text: z.string().max(MAX_TEXT_CHARACTERS),
    /** Id of these words for a later edit; given by the desk. */
    ref: Ref.optional(),
    /** The thread already shows them, so they are not shown again. */
    shown: z.literal(true).optional(),
    /** They mention a colleague. */
    mentions: z.literal(true).optional(),
    files: Files.optional(),
  }),
  z.strictObject({
    kind: z.literal("edit"),
    ref: Ref,
    text: z.string().max(MAX_TEXT_CHARACTERS),
    /** They mention a colleague after the edit. */
    mentions: z.literal(true).optional(),
  }),
  z.strictObject({ kind: z.enum(["delete", "send_held", "keep_held"]), ref: Ref }),
  z.strictObject({
    kind: z.literal("merge"),
    into: z.int().positive(),
    /** The operator confirmed that the cases of two people become one. */
    twoPeople: z.literal(true).optional(),
  }),
  z.strictObject({ kind: z.literal("open"), quote: Quote }),
  z.strictObject({ kind: z.literal("start"), text: Text, queue: Name }),
  z.strictObject({ kind: z.literal("off_duty") }),
  z.strictObject({ kind: z.literal("release"), reason: Text }),
]);

export type DeskCommand = z.infer<typeof DeskCommand>;
