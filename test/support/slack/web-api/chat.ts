/** `chat.*` (https://docs.slack.dev/reference/methods/chat.postMessage and others). */
import type { KnownBlock } from "@slack/types";
import { deleteMessage, sendChange, storeAndSend, type Unfurl } from "../echoes.ts";
import { checkMessage } from "../payload.ts";
import type { SlackMessage } from "../types.ts";
import { type Channel, dmOf, nextTs, type World } from "../world.ts";
import { withIds } from "./block-ids.ts";
import { type Call, type Method, namedChannel, needScope, text, words, writableChannel } from "./call.ts";
import { Refusal } from "./refusal.ts";

const BODY = { text: "text", blocks: "json", attachments: "json", markdown_text: "text", metadata: "json" } as const;
const DISPLAY = {
  parse: "text",
  link_names: "flag",
  mrkdwn: "flag",
  unfurl_links: "flag",
  unfurl_media: "flag",
} as const;
const AUTHOR = { username: "text", icon_url: "text", icon_emoji: "text" } as const;
const TS = /^\d{10}\.\d{6}$/;

export const chat: Record<string, Method> = {
  "chat.postMessage": {
    needs: ["chat:write"],
    takes: { channel: "text", thread_ts: "text", reply_broadcast: "flag", ...BODY, ...DISPLAY, ...AUTHOR },
    required: ["channel"],
    run: postMessage,
  },
  "chat.update": {
    needs: ["chat:write"],
    takes: { channel: "text", ts: "text", reply_broadcast: "flag", ...BODY, parse: "text", link_names: "flag" },
    required: ["channel", "ts"],
    run: update,
  },
  "chat.delete": {
    needs: ["chat:write"],
    takes: { channel: "text", ts: "text" },
    required: ["channel", "ts"],
    run: remove,
  },
  "chat.postEphemeral": {
    needs: ["chat:write"],
    takes: { channel: "text", user: "text", thread_ts: "text", ...BODY, parse: "text", link_names: "flag", ...AUTHOR },
    required: ["channel", "user"],
    run: postEphemeral,
  },
  "chat.getPermalink": {
    needs: [],
    takes: { channel: "text", message_ts: "text" },
    required: ["channel", "message_ts"],
    run: permalink,
  },
};

function postMessage(call: Call): Record<string, unknown> {
  const { world, args } = call;
  const channel = destination(call);
  checkMessage(world, "chat.postMessage", args);
  pace(world, channel);
  const message = newMessage(call, channel);
  const unfurl: Unfurl = { links: args["unfurl_links"] !== false, media: args["unfurl_media"] !== false };
  void storeAndSend(world, channel, { message, unfurl });
  return { channel: channel.id, ts: message.ts, message: { ...message } };
}

/** Resolves a person's id to their DM with the bot; with another user name the message would go to Slackbot's. */
function destination(call: Call): Channel {
  const { world, args } = call;
  const named = text(call, "channel") ?? "";
  if (!world.people.has(named)) return writableChannel(call);
  if (args["username"] !== undefined) {
    world.violations.push(
      "chat.postMessage: username with a user's id as channel lands in Slackbot's DM: open the DM first",
    );
  }
  return dmOf(world, named);
}

function pace(world: World, { bucket }: Channel): void {
  if (!world.paced) return;
  const { perSecond, burst } = world.paced;
  const now = Date.now();
  bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
  bucket.at = now;
  if (bucket.tokens < 1) {
    throw new Refusal("ratelimited", { retryAfterS: Math.ceil((1 - bucket.tokens) / perSecond) });
  }
  bucket.tokens--;
}

function newMessage(call: Call, channel: Channel): SlackMessage {
  const { world, args } = call;
  const { botUserId, botId, appId, teamId } = world.ids;
  const customised = ["username", "icon_url", "icon_emoji"].some((key) => args[key] !== undefined);
  if (customised) needScope(world, "chat:write.customize");
  const author =
    args["username"] === undefined
      ? { user: botUserId, bot_id: botId, app_id: appId, team: teamId }
      : { subtype: "bot_message", bot_id: botId, app_id: appId, username: text(call, "username") ?? "" };
  return { type: "message", ts: nextTs(world), ...author, ...body(args), ...threadOf(call, channel) };
}

function body(args: Record<string, unknown>): { text: string } & Partial<SlackMessage> {
  const kept: Partial<SlackMessage> = {};
  if (args["blocks"] !== undefined) kept.blocks = withIds(args["blocks"] as KnownBlock[]);
  if (args["attachments"] !== undefined) kept.attachments = args["attachments"] as Record<string, unknown>[];
  if (args["metadata"] !== undefined) kept.metadata = args["metadata"] as NonNullable<SlackMessage["metadata"]>;
  return { text: words(args["text"] ?? args["markdown_text"]), ...kept };
}

function threadOf(call: Call, channel: Channel): { thread_ts?: string } {
  const thread = text(call, "thread_ts");
  if (thread === undefined) return {};
  if (!TS.test(thread)) throw new Refusal("invalid_thread_ts");
  const parent = channel.messages.find((one) => one.ts === thread);
  if (!parent && !channel.removed.has(thread)) throw new Refusal("thread_not_found");
  if (parent?.thread_ts !== undefined && parent.thread_ts !== thread) {
    call.world.violations.push("chat.postMessage: thread_ts is a reply's ts, not its parent's");
    return { thread_ts: parent.thread_ts };
  }
  return { thread_ts: thread };
}

function update(call: Call): Record<string, unknown> {
  const { world, args } = call;
  const channel = writableChannel(call);
  const message = channel.messages.find((one) => one.ts === args["ts"]);
  if (!message || message.subtype === "tombstone") throw new Refusal("message_not_found");
  if (message.app_id !== world.ids.appId) throw new Refusal("cant_update_message");
  checkMessage(world, "chat.update", args);
  const previous = { ...message };
  rewrite(world, message, args);
  void sendChange(world, channel, { message, previous });
  return { channel: channel.id, ts: message.ts, text: message.text, message: { ...message } };
}

/** Updates a message: text without blocks removes the blocks; the "edited" flag is hidden if there are blocks. */
function rewrite(world: World, message: SlackMessage, args: Record<string, unknown>): void {
  if (args["text"] !== undefined || args["markdown_text"] !== undefined) {
    delete message.blocks;
    delete message.attachments;
  }
  const { text: words, ...rest } = body(args);
  Object.assign(message, rest);
  if (args["text"] !== undefined || args["markdown_text"] !== undefined) message.text = words;
  message.edited = { user: world.ids.botId, ts: nextTs(world) };
}

function remove(call: Call): Record<string, unknown> {
  const { world, args } = call;
  const channel = writableChannel(call);
  const message = channel.messages.find((one) => one.ts === args["ts"]);
  if (!message || message.subtype === "tombstone") throw new Refusal("message_not_found");
  const ours = message.app_id === world.ids.appId || message.user === world.ids.botUserId;
  if (!ours || message.username !== undefined) throw new Refusal("cant_delete_message");
  void deleteMessage(world, channel, message);
  return { channel: channel.id, ts: message.ts };
}

function postEphemeral(call: Call): Record<string, unknown> {
  const { world, args } = call;
  const channel = writableChannel(call);
  const user = text(call, "user") ?? "";
  if (!channel.members.has(user)) throw new Refusal("user_not_in_channel");
  checkMessage(world, "chat.postEphemeral", args);
  const { thread_ts } = threadOf(call, channel);
  const ts = nextTs(world);
  const { text: words, blocks = [] } = body(args);
  const shown = { channel: channel.id, ts, thread_ts: thread_ts ?? null, text: words, blocks };
  world.ephemerals.set(user, [...(world.ephemerals.get(user) ?? []), shown]);
  return { message_ts: ts };
}

function permalink(call: Call): Record<string, unknown> {
  const channel = namedChannel(call);
  const ts = text(call, "message_ts") ?? "";
  const message = channel.messages.find((one) => one.ts === ts);
  if (!message) throw new Refusal("message_not_found");
  const thread =
    message.thread_ts && message.thread_ts !== ts ? `?thread_ts=${message.thread_ts}&cid=${channel.id}` : "";
  const link = `https://acme.slack.com/archives/${channel.id}/p${ts.replace(".", "")}${thread}`;
  return { channel: channel.id, permalink: link };
}
