/** Sends Slack's events about messages: posts, changes, deletions, and side events. */
import { canSee, channelType, dispatch } from "./events.ts";
import type { SlackMessage } from "./types.ts";
import { type Channel, nextTs, type World } from "./world.ts";

/** Number of replies after which Slack also sends `message_replied`. */
const REPLIED_EVERY = 3;
const URL_IN_TEXT = /https?:\/\/[^\s>|]+/;

/** Switches for previews of links in a post; on by default. */
export interface Unfurl {
  links: boolean;
  media: boolean;
}

/** Stores a message and sends its events; resolves when each was answered once. */
export async function storeAndSend(
  world: World,
  channel: Channel,
  o: { message: SlackMessage; unfurl?: Unfurl },
): Promise<void> {
  const { message } = o;
  channel.messages.push(message);
  const told = [sendMessageEvent(world, channel, { ...message, event_ts: message.ts })];
  const mention = `<@${world.ids.botUserId}>`;
  if (message.text.includes(mention) && message.bot_id === undefined && channel.kind !== "im") {
    told.push(sendMention(world, channel, message));
  }
  if (message.thread_ts !== undefined) told.push(countReply(world, channel, message));
  const preview = o.unfurl ?? { links: true, media: true };
  if (URL_IN_TEXT.test(message.text) && (preview.links || preview.media)) told.push(unfurl(world, channel, message));
  await Promise.all(told);
}

/** Sends a `message` event, if the app may see the channel. */
export async function sendMessageEvent(world: World, channel: Channel, event: Record<string, unknown>): Promise<void> {
  if (!canSee(world, channel)) return;
  await dispatch(world, { ...event, channel: channel.id, channel_type: channelType(channel) }, { channel });
}

async function sendMention(world: World, channel: Channel, message: SlackMessage): Promise<void> {
  if (!channel.members.has(world.ids.botUserId) || !world.scopes.has("app_mentions:read")) return;
  const { subtype: _, ...rest } = message;
  await dispatch(world, { ...rest, type: "app_mention", channel: channel.id, event_ts: message.ts }, { channel });
}

/** Updates the parent's counts, and sometimes sends an event about it. */
async function countReply(world: World, channel: Channel, reply: SlackMessage): Promise<void> {
  const parent = channel.messages.find((one) => one.ts === reply.thread_ts);
  if (!parent) return;
  parent.thread_ts = parent.ts;
  parent.reply_count = (parent.reply_count ?? 0) + 1;
  parent.latest_reply = reply.ts;
  if (parent.reply_count % REPLIED_EVERY !== 0) return;
  const ts = nextTs(world);
  await sendMessageEvent(world, channel, hidden("message_replied", ts, { message: { ...parent } }));
}

/** Sends the event of a changed message; `previous` is its old state. */
export function sendChange(
  world: World,
  channel: Channel,
  { message, previous }: { message: SlackMessage; previous: SlackMessage },
): Promise<void> {
  const ts = nextTs(world);
  return sendMessageEvent(
    world,
    channel,
    hidden("message_changed", ts, { message: { ...message }, previous_message: previous }),
  );
}

/** Adds a preview of the first link: a change of the attachments only. */
async function unfurl(world: World, channel: Channel, message: SlackMessage): Promise<void> {
  const previous = { ...message };
  const url = URL_IN_TEXT.exec(message.text)?.[0] ?? "";
  message.attachments = [{ id: 1, from_url: url, original_url: url, title: "A page", fallback: "A page" }];
  await sendChange(world, channel, { message, previous });
}

/** Deletes a message; the parent of a thread with replies stays as a tombstone. */
export async function deleteMessage(world: World, channel: Channel, message: SlackMessage): Promise<void> {
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
    return sendChange(world, channel, { message, previous });
  }
  channel.messages.splice(channel.messages.indexOf(message), 1);
  uncountReply(channel, message);
  const ts = nextTs(world);
  await sendMessageEvent(
    world,
    channel,
    hidden("message_deleted", ts, { deleted_ts: message.ts, previous_message: previous }),
  );
}

function uncountReply(channel: Channel, reply: SlackMessage): void {
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
