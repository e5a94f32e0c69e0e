import { z } from "zod";

/** Longer than anybody types; what is longer is refused at the door. */
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

/** What the operator saw when they began to write; where the case has moved on since, nothing is done. */
const Seen = z.strictObject({ holder: z.string().nullable(), queue: Name });

/** Somebody's message that was not written to us: who wrote it, where, and its beginning. */
const Quote = z.strictObject({ author: Name, place: Name, text: z.string().max(MAX_TEXT_CHARACTERS) });
export type Quote = z.infer<typeof Quote>;

/**
 * What an operator asks for at a desk. `say` was written into the case's thread, so the reply rule decides; `reply` and
 * `note` were said to be that. `edit` and `delete` are of words written there before; `send_held` and `keep_held` answer
 * what the desk asked about such words. `run` starts a workflow that has the trigger `manual`. `start` begins a
 * conversation of ours with a contact; `open` a case about a message that was not written to us. `release` and `off_duty` take a case from its holder.
 */
export const DeskCommand = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.enum(["claim", "unclaim", "take_over", "hand_back", "resolve"]) }),
  z.strictObject({ kind: z.literal("transfer"), queue: Name, seen: Seen.optional() }),
  z.strictObject({ kind: z.literal("run"), workflow: Name, seen: Seen.optional() }),
  z.strictObject({ kind: z.enum(["reply", "note"]), text: Text, seen: Seen.optional() }),
  z.strictObject({
    kind: z.literal("say"),
    text: z.string().max(MAX_TEXT_CHARACTERS),
    /** Names these words for a later edit; given by the desk. */
    ref: Ref.optional(),
    /** The thread shows them already, so they are not shown again. */
    shown: z.literal(true).optional(),
    /** They name a colleague. */
    mentions: z.literal(true).optional(),
    files: Files.optional(),
  }),
  z.strictObject({
    kind: z.literal("edit"),
    ref: Ref,
    text: z.string().max(MAX_TEXT_CHARACTERS),
    /** They name a colleague now. */
    mentions: z.literal(true).optional(),
  }),
  z.strictObject({ kind: z.enum(["delete", "send_held", "keep_held"]), ref: Ref }),
  z.strictObject({
    kind: z.literal("merge"),
    into: z.int().positive(),
    /** They were asked whether the cases of two people become one, and said so. */
    twoPeople: z.literal(true).optional(),
  }),
  z.strictObject({ kind: z.literal("open"), quote: Quote }),
  z.strictObject({ kind: z.literal("start"), text: Text, queue: Name }),
  z.strictObject({ kind: z.literal("off_duty") }),
  z.strictObject({ kind: z.literal("release"), reason: Text }),
]);

export type DeskCommand = z.infer<typeof DeskCommand>;
