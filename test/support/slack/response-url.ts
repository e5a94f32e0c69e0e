/** `response_url`: late answers to an interaction or command; five uses. */
import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { KnownBlock } from "@slack/types";
import { deleteMessage, sendChange, storeAndSend } from "./echoes.ts";
import { checkMessage } from "./payload.ts";
import type { SlackMessage } from "./types.ts";
import { withIds } from "./web-api/block-ids.ts";
import { words } from "./web-api/call.ts";
import { Refusal } from "./web-api/refusal.ts";
import { nextTs, type ResponseUrl, type World } from "./world.ts";

const MAX_USES = 5;

/** Creates a URL for this person, channel and message. */
export function mintResponseUrl(world: World, o: Omit<ResponseUrl, "uses">): string {
  const ticket = randomBytes(12).toString("hex");
  world.responseUrls.set(ticket, { ...o, uses: 0 });
  return `${world.apiUrl}/response/${ticket}`;
}

/** Handles an HTTP request to such a URL. */
export async function respondLater(
  world: World,
  o: { response: ServerResponse; bytes: Buffer; path: string },
): Promise<void> {
  const place = world.responseUrls.get(o.path.slice("/response/".length));
  if (!place) return void o.response.writeHead(404).end("no_team");
  if (++place.uses > MAX_USES) {
    world.violations.push("response_url: used more than five times");
    return void o.response.writeHead(404).end("used_url");
  }
  try {
    await show(world, place, JSON.parse(o.bytes.toString("utf8")) as Record<string, unknown>);
    o.response.writeHead(200).end("ok");
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    o.response.writeHead(404).end(error.code);
  }
}

/** Shows an answer to this person only, to everyone, or in place of the clicked message. */
export async function show(
  world: World,
  place: Omit<ResponseUrl, "uses">,
  said: Record<string, unknown>,
): Promise<void> {
  const { channel } = place;
  if (!channel) return;
  const clicked = channel.messages.find((one) => one.ts === place.ts);
  if (said["delete_original"] === true) return clicked && deleteMessage(world, channel, clicked);
  checkMessage(world, "response_url", said);
  const shown = {
    text: words(said["text"]),
    ...(said["blocks"] ? { blocks: withIds(said["blocks"] as KnownBlock[]) } : {}),
  };
  const thread = said["thread_ts"] === undefined ? {} : { thread_ts: words(said["thread_ts"]) };
  if (said["replace_original"] === true && clicked) {
    const previous = { ...clicked };
    Object.assign(clicked, { blocks: [] }, shown);
    return sendChange(world, channel, { message: clicked, previous });
  }
  if (said["response_type"] !== "in_channel") {
    const one = { channel: channel.id, ts: nextTs(world), thread_ts: thread.thread_ts ?? null, blocks: [], ...shown };
    return void world.ephemerals.set(place.user, [...(world.ephemerals.get(place.user) ?? []), one]);
  }
  const author = { user: world.ids.botUserId, bot_id: world.ids.botId, app_id: world.ids.appId };
  const message: SlackMessage = { type: "message", ts: nextTs(world), ...author, ...shown, ...thread };
  await storeAndSend(world, channel, { message });
}
