/** Schema of the bodies that our page posts. */
import { z } from "zod";
import { DeskCommand } from "../../src/adapter/desk-command.ts";
import { MAX_ID_CHARACTERS, MAX_NAME_CHARACTERS, MAX_TEXT_CHARACTERS } from "./limits.ts";

const Id = z.string().min(1).max(MAX_ID_CHARACTERS);
const Name = z.string().max(MAX_NAME_CHARACTERS);
/** E.164, as on every channel. */
const Phone = z.string().regex(/^\+[1-9]\d{1,14}$/);
const Text = z.string().max(MAX_TEXT_CHARACTERS);

/**
 * `id` is random, from the page: posting it twice gives one message. `phone`, `email` and `attributes` are added
 * by the server for its example customers; no page can set them.
 */
const Customer = {
  id: Id,
  thread: Id,
  from: Id,
  name: Name.optional(),
  phone: Phone.optional(),
  email: z.email().optional(),
  attributes: z.record(Id, Id).optional(),
};

export const Body = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("message"),
    ...Customer,
    text: Text,
    sentAt: z.iso.datetime({ offset: true }).optional(),
  }),
  z.strictObject({ type: z.literal("choice"), ...Customer, promptId: Id, optionId: Id, text: Text }),
  z.strictObject({
    type: z.literal("action"),
    id: Id,
    thread: Id,
    operator: Id,
    name: Name.optional(),
    conversation: z.int().positive(),
    command: DeskCommand,
  }),
]);

export type Body = z.infer<typeof Body>;
