/** Schemas of the Events API's bodies (docs.slack.dev, "Events API"). Fields that we don't read are dropped. */
import { z } from "zod";
import { Block } from "./blocks-in.ts";
import { maybe, maybeText } from "./json.ts";
import { File } from "./parse-files.ts";

/** Slack's ids are letters and digits; a colon would change the thread id that contains it. */
export const Id = z.string().regex(/^[A-Za-z0-9]{1,64}$/);
/** A message's id in its channel, and its time. Never a number: it has too many digits. */
export const Ts = z.string().regex(/^\d{1,12}\.\d{1,9}$/);

const Blocks = maybe(z.array(Block.catch({})));

const Attached = z.object({
  is_share: maybe(z.boolean()),
  is_app_unfurl: maybe(z.boolean()),
  from_url: maybeText,
  original_url: maybeText,
  pretext: maybeText,
  author_name: maybeText,
  title: maybeText,
  title_link: maybeText,
  text: maybeText,
  fallback: maybeText,
  blocks: Blocks,
  /** Content of a shared message whose own text is empty. */
  message_blocks: maybe(z.array(z.object({ message: maybe(z.object({ blocks: Blocks })) }).catch({}))),
  fields: maybe(z.array(z.object({ title: maybeText, value: maybeText }).catch({}))),
  files: maybe(z.array(File.catch({}))),
});
export type Attached = z.infer<typeof Attached>;

const Author = z.object({
  user: maybe(Id),
  bot_id: maybe(Id),
  app_id: maybe(Id),
  username: maybeText,
  user_team: maybeText,
  source_team: maybeText,
  team: maybeText,
  bot_profile: maybe(z.object({ name: maybeText, app_id: maybe(Id) })),
  user_profile: maybe(z.object({ display_name: maybeText, real_name: maybeText, team: maybeText })),
  metadata: maybe(z.object({ event_type: maybeText })),
});
export type Author = z.infer<typeof Author>;

/** A message, by itself or within an event about it. */
export const Message = z.object({
  ...Author.shape,
  subtype: maybeText,
  text: maybeText,
  ts: maybe(Ts),
  thread_ts: maybe(Ts),
  edited: maybe(z.object({ ts: maybe(Ts) })),
  files: maybe(z.array(File.catch({}))),
  blocks: Blocks,
  attachments: maybe(z.array(Attached.catch({}))),
});
export type Message = z.infer<typeof Message>;

export const MessageEvent = z.object({
  ...Message.shape,
  type: z.enum(["message", "app_mention"]),
  channel: Id,
  channel_type: maybeText,
  deleted_ts: maybe(Ts),
  message: maybe(Message),
  previous_message: maybe(Message),
});
export type MessageEvent = z.infer<typeof MessageEvent>;

export const MovedEvent = z.object({
  type: z.literal("channel_id_changed"),
  old_channel_id: Id,
  new_channel_id: Id,
  event_ts: maybe(Ts),
});

/** The outer body. `event` is parsed by its type. */
export const Envelope = z.object({
  type: z.string(),
  event_id: maybe(z.string().min(1).max(200)),
  api_app_id: maybe(Id),
  team_id: maybeText,
  is_ext_shared_channel: maybe(z.boolean()),
  authorizations: maybe(
    z.array(z.object({ team_id: maybeText, user_id: maybe(Id), is_bot: maybe(z.boolean()) }).catch({})),
  ),
  event: maybe(z.looseObject({ type: z.string() })),
});
export type Envelope = z.infer<typeof Envelope>;

/** Returns the time at which a message was written. */
export function timeOf(ts: string): Date {
  const [seconds = "0", fraction = ""] = ts.split(".");
  return new Date(Number(seconds) * 1_000 + Number(fraction.padEnd(3, "0").slice(0, 3)));
}
