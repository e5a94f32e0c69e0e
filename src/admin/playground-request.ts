/** Schemas of the requests of the playground's page. */
import { z } from "zod";
import { DeskCommand } from "../adapter/desk-command.ts";
import { isStorable } from "../store/text.ts";
import { MAX_TYPED_CHARACTERS } from "./limits.ts";

/** Longer than any id of the page or an adapter. */
const MAX_ID_CHARACTERS = 200;
const MAX_NAME_CHARACTERS = 100;

const Id = z.string().min(1).max(MAX_ID_CHARACTERS).refine(isStorable, "This id has characters that can't be stored.");
const Name = z.string().trim().min(1).max(MAX_NAME_CHARACTERS);
const Text = z
  .string()
  .min(1)
  .max(MAX_TYPED_CHARACTERS, `This is longer than ${MAX_TYPED_CHARACTERS} characters; send it in parts.`);

/** `id` is random, made by the page, so that a request sent twice is one message. `as` is the id of an example customer. */
const Customer = { id: Id, channel: Id, thread: Id, name: Name, as: Id.optional() };

export const WriteRequest = z.union([
  z.strictObject({ ...Customer, text: Text }),
  z.strictObject({ ...Customer, promptId: Id, optionId: Id, label: Text }),
]);

export const DeskRequest = z.strictObject({
  id: Id,
  conversation: z.int().positive(),
  operator: z.strictObject({ id: Id, name: Name }),
  command: DeskCommand,
});

export const FileId = z.coerce.number().int().positive();

const conversation = z.coerce.number().int().positive().nullable().default(null);

export const LookQuery = z.object({ channel: Id, thread: Id, case: conversation, journal: conversation });
