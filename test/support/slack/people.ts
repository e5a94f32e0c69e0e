/** People's actions in the workspace: join, leave, write, edit, delete. */
import { randomUUID } from "node:crypto";
import { deleteMessage, sendChange, sendMessageEvent, storeAndSend } from "./echoes.ts";
import { fileEvent, storeFile } from "./files.ts";
import { typedBlocks } from "./typed.ts";
import type { PostOptions, SlackMessage } from "./types.ts";
import { type Channel, channelOf, messageOf, nextId, nextTs, type Person, personOf, type World } from "./world.ts";

/** Adds a person to the workspace, or (external) to one that shares channels with it. */
export function addPerson(
  world: World,
  o: { name: string; external?: boolean; locale?: string; email?: string },
): Person {
  const teamId = o.external ? world.ids.otherTeamId : world.ids.teamId;
  const rest = { locale: o.locale ?? "en-US", email: o.email, deleted: false, isBot: false };
  const person = { id: nextId(world, "U"), name: o.name, teamId, ...rest };
  world.people.set(person.id, person);
  return person;
}

/** Writes in a channel as one of its members. */
export async function post(
  world: World,
  o: PostOptions & { user: string; channel: string; text: string },
): Promise<{ ts: string }> {
  const channel = writableChannel(world, o.channel, o.user);
  const ts = nextTs(world);
  const mention = `<@${world.ids.botUserId}>`;
  const text = o.mentionsBot && !o.text.includes(mention) ? `${mention} ${o.text}`.trim() : o.text;
  const files = (o.files ?? []).map((file) => storeFile(world, file, { user: o.user, channel, ts }));
  const subtype = o.subtype ?? (files.length > 0 ? "file_share" : o.broadcast ? "thread_broadcast" : undefined);
  const message: SlackMessage = { type: "message", ts, user: o.user, text, ...editorFields(world, text, o.user) };
  if (subtype !== undefined) message.subtype = subtype;
  if (files.length > 0) message.files = files.map((file) => fileEvent(world, file, channel));
  if (o.thread !== undefined)
    Object.assign(message, { thread_ts: o.thread, parent_user_id: parentAuthor(channel, o.thread) });
  await storeAndSend(world, channel, { message });
  return { ts };
}

/** Returns the fields that Slack's editor adds to typed text. */
function editorFields(world: World, text: string, user: string): Partial<SlackMessage> {
  const team = world.people.get(user)?.teamId ?? world.ids.teamId;
  const blocks = typedBlocks(text);
  const outside = team === world.ids.teamId ? {} : { user_team: team, source_team: team };
  return { client_msg_id: randomUUID(), team, ...outside, ...(blocks.length > 0 ? { blocks } : {}) };
}

function parentAuthor(channel: Channel, thread: string): string | undefined {
  const parent = channel.messages.find((one) => one.ts === thread);
  if (!parent && !channel.removed.has(thread)) throw new Error(`There is no thread ${thread} in ${channel.id}`);
  return parent?.user;
}

function writableChannel(world: World, id: string, user: string): Channel {
  const channel = channelOf(world, id);
  personOf(world, user);
  if (!channel.members.has(user)) throw new Error(`${user} is not in ${id}: join them first`);
  if (channel.archived) throw new Error(`${id} is archived`);
  return channel;
}

/** Posts as another app; with `username` the event is a `bot_message` without `user`. */
export async function postAsApp(
  world: World,
  botId: string,
  o: { channel: string; text: string; username?: string | undefined; thread?: string | undefined },
): Promise<{ ts: string }> {
  const ts = nextTs(world);
  const appId = `A0${botId.slice(1)}`;
  const author =
    o.username === undefined
      ? { user: `U0${botId.slice(1)}`, bot_id: botId, app_id: appId }
      : { subtype: "bot_message", bot_id: botId, app_id: appId, username: o.username };
  const thread = o.thread === undefined ? {} : { thread_ts: o.thread };
  const message: SlackMessage = { type: "message", ts, text: o.text, ...author, ...thread };
  await storeAndSend(world, channelOf(world, o.channel), { message });
  return { ts };
}

/** Edits a message as its author. */
export async function edit(
  world: World,
  o: { user: string; channel: string; ts: string; text: string },
): Promise<void> {
  const channel = writableChannel(world, o.channel, o.user);
  const message = messageOf(channel, o.ts);
  if (message.user !== o.user) throw new Error(`${o.ts} is not ${o.user}'s to edit`);
  const previous = { ...message };
  const { client_msg_id: _, ...rest } = editorFields(world, o.text, o.user);
  Object.assign(message, { text: o.text, ...rest, edited: { user: o.user, ts: nextTs(world) } });
  await sendChange(world, channel, { message, previous });
}

/** Deletes a message, as its author or another permitted person. */
export async function remove(world: World, o: { user: string; channel: string; ts: string }): Promise<void> {
  const channel = writableChannel(world, o.channel, o.user);
  await deleteMessage(world, channel, messageOf(channel, o.ts));
}

/** Posts a notice in the channel, like Slack's when somebody joins or leaves. */
export async function notice(
  world: World,
  channel: Channel,
  o: { subtype: string; user: string; text: string },
): Promise<void> {
  const message: SlackMessage = { type: "message", ts: nextTs(world), ...o };
  channel.messages.push(message);
  await sendMessageEvent(world, channel, { ...message, event_ts: message.ts });
}
