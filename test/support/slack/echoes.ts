/** What Slack tells the app about messages: posts, changes, deletions, and the noise around them. */
import { channelType, dispatch, sees } from "./events.ts";
import type { SlackMessage } from "./types.ts";
import { type Channel, nextTs, type World } from "./world.ts";

/** Every so many replies Slack also says `message_replied`. */
const REPLIED_EVERY = 3;
const URL_IN_TEXT = /https?:\/\/[^\s>|]+/;

/** Whether a link in a post shows a preview; each is on unless it is switched off. */
export interface Unfurl {
  links: boolean;
  media: boolean;
}

/** Stores a message and tells of it; resolves when each event was answered once. */
export async function say(
  world: World,
  channel: Channel,
  o: { message: SlackMessage; unfurl?: Unfurl },
): Promise<void> {
  const { message } = o;
  channel.messages.push(message);
  const told = [tell(world, channel, { ...message, event_ts: message.ts })];
  const mention = `<@${world.ids.botUserId}>`;
  if (message.text.includes(mention) && message.bot_id === undefined && channel.kind !== "im") {
    told.push(tellMention(world, channel, message));
  }
  if (message.thread_ts !== undefined) told.push(countReply(world, channel, message));
  const preview = o.unfurl ?? { links: true, media: true };
  if (URL_IN_TEXT.test(message.text) && (preview.links || preview.media)) told.push(unfurl(world, channel, message));
  await Promise.all(told);
}

/** Sends a `message` event, where the app may see this channel. */
export async function tell(world: World, channel: Channel, event: Record<string, unknown>): Promise<void> {
  if (!sees(world, channel)) return;
  await dispatch(world, { ...event, channel: channel.id, channel_type: channelType(channel) }, { channel });
}

async function tellMention(world: World, channel: Channel, message: SlackMessage): Promise<void> {
  if (!channel.members.has(world.ids.botUserId) || !world.scopes.has("app_mentions:read")) return;
  const { subtype: _, ...rest } = message;
  await dispatch(world, { ...rest, type: "app_mention", channel: channel.id, event_ts: message.ts }, { channel });
}

/** Keeps the parent's counts, and sometimes says so. */
async function countReply(world: World, channel: Channel, reply: SlackMessage): Promise<void> {
  const parent = channel.messages.find((one) => one.ts === reply.thread_ts);
  if (!parent) return;
  parent.thread_ts = parent.ts;
  parent.reply_count = (parent.reply_count ?? 0) + 1;
  parent.latest_reply = reply.ts;
  if (parent.reply_count % REPLIED_EVERY !== 0) return;
  const ts = nextTs(world);
  await tell(world, channel, hidden("message_replied", ts, { message: { ...parent } }));
}

/** A message changed; `previous` is what it was. */
export function tellChange(
  world: World,
  channel: Channel,
  { message, previous }: { message: SlackMessage; previous: SlackMessage },
): Promise<void> {
  const ts = nextTs(world);
  return tell(world, channel, hidden("message_changed", ts, { message: { ...message }, previous_message: previous }));
}

/** A preview of the first link appears: a change of the attachments alone. */
async function unfurl(world: World, channel: Channel, message: SlackMessage): Promise<void> {
  const previous = { ...message };
  const url = URL_IN_TEXT.exec(message.text)?.[0] ?? "";
  message.attachments = [{ id: 1, from_url: url, original_url: url, title: "A page", fallback: "A page" }];
  await tellChange(world, channel, { message, previous });
}

/** Takes a message away: a thread's parent that has replies stays as a tombstone. */
export async function takeAway(world: World, channel: Channel, message: SlackMessage): Promise<void> {
  const previous = { ...message };
  channel.removed.add(message.ts);
  if ((message.reply_count ?? 0) > 0) {
    for (const key of ["blocks", "attachments", "files", "metadata", "edited"]) delete message[key];
    Object.assign(message, {
      subtype: "tombstone",
      text: "This message was deleted.",
      user: "USLACKBOT",
      hidden: true,
    });
    return tellChange(world, channel, { message, previous });
  }
  channel.messages.splice(channel.messages.indexOf(message), 1);
  uncount(channel, message);
  const ts = nextTs(world);
  await tell(world, channel, hidden("message_deleted", ts, { deleted_ts: message.ts, previous_message: previous }));
}

function uncount(channel: Channel, reply: SlackMessage): void {
  const parent = channel.messages.find((one) => one.ts === reply.thread_ts);
  if (parent && parent !== reply) parent.reply_count = (parent.reply_count ?? 1) - 1;
}

const hidden = (subtype: string, ts: string, rest: Record<string, unknown>): Record<string, unknown> => ({
  type: "message",
  subtype,
  hidden: true,
  ...rest,
  ts,
  event_ts: ts,
});
