import { z } from "zod";

/** A shorter secret could be guessed; NIST SP 800-107 asks HMAC keys for 112 bits at least. */
const MIN_SECRET_CHARACTERS = 16;

/** The channel's entry in `frontdesk.yaml`. One playground is two channels with one secret: one per look. */
export const playgroundConfig = z.strictObject({
  adapter: z.literal("playground").optional(),
  secret: z
    .string({ error: "must be set: use env:NAME or file:/path" })
    .min(
      MIN_SECRET_CHARACTERS,
      `must have ${MIN_SECRET_CHARACTERS} characters or more: anyone who guesses it can write as anyone`,
    ),
  /** Look of the page for customers: options as buttons, or everything as text, like an SMS. */
  look: z.enum(["buttons", "sms"]).default("buttons"),
});

export type PlaygroundConfig = z.infer<typeof playgroundConfig>;
