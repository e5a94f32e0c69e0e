/**
 * Delivers events like the Events API: wrapped, signed, and retried at 0, 1 and 5 minutes
 * (https://docs.slack.dev/apis/events-api).
 */
import { type PostResult, postTo } from "./request.ts";
import { signed } from "./signature.ts";
import { sendBySocket, waitForConnection } from "./socket.ts";
import type { EmitOptions } from "./types.ts";
import { type Channel, nextId, pause, type World } from "./world.ts";

/** Delays of the three retries after a failure. */
const RETRIES_MS = [0, 60_000, 300_000];

/** Scope needed for events of each kind of channel. */
const HISTORY_SCOPE = { public: "channels:history", private: "groups:history", im: "im:history" } as const;
const MESSAGE_TYPE = { public: "channel", private: "group", im: "im" } as const;

export const channelType = (channel: Channel): string => MESSAGE_TYPE[channel.kind];

/** True when the app gets the messages of this channel. */
export const canSee = (world: World, channel: Channel): boolean =>
  channel.members.has(world.ids.botUserId) && world.scopes.has(HISTORY_SCOPE[channel.kind]);

/** Sends an event; resolves with the answer to the first delivery, while retries continue. */
export function dispatch(
  world: World,
  event: Record<string, unknown>,
  { channel, ...o }: EmitOptions & { channel?: Channel | undefined } = {},
): Promise<PostResult> {
  if (world.closed) return Promise.resolve({ status: 0, body: "", headers: {}, reason: "connection_failed" });
  const payload = { ...wrapEvent(world, event, channel), ...(o.eventId ? { event_id: o.eventId } : {}), ...o.envelope };
  const first = attempt(world, payload, { ...o, number: 0, reason: null });
  world.busy++;
  void followUp();
  return first;
  async function followUp(): Promise<void> {
    const heard = await first;
    if (!o.once) await retries(world, payload, { ...o, heard });
    world.busy--;
  }
}

function wrapEvent(
  world: World,
  event: Record<string, unknown>,
  channel: Channel | undefined,
): Record<string, unknown> {
  const { teamId, appId, botUserId } = world.ids;
  const authorization = { enterprise_id: null, team_id: teamId, user_id: botUserId, is_bot: true };
  return {
    token: "deprecated",
    team_id: teamId,
    context_team_id: teamId,
    context_enterprise_id: null,
    api_app_id: appId,
    event,
    type: "event_callback",
    event_id: nextId(world, "Ev"),
    event_time: Math.floor(Date.now() / 1000),
    authorizations: [{ ...authorization, is_enterprise_install: false }],
    is_ext_shared_channel: channel?.shared ?? false,
    event_context: nextId(world, "4-"),
  };
}

type Try = EmitOptions & { number: number; reason: string | null };

async function attempt(
  world: World,
  payload: Record<string, unknown>,
  { number, reason, ...o }: Try,
): Promise<PostResult> {
  if (world.requestUrl === null) {
    return sendBySocket(world, { type: "events_api", payload, accepts: false, attempt: number, reason });
  }
  const body = JSON.stringify(payload);
  const retry: Record<string, string> =
    number === 0 ? {} : { "x-slack-retry-num": String(number), "x-slack-retry-reason": reason ?? "unknown_error" };
  const signature = signed(world.ids.signingSecret, body, o.signedAtOffsetS);
  const headers = { "content-type": "application/json", ...signature, ...retry, ...o.headers };
  return postTo({ url: world.requestUrl, body, headers, timeoutMs: world.options.ackMs });
}

async function retries(
  world: World,
  payload: Record<string, unknown>,
  o: EmitOptions & { heard: PostResult },
): Promise<void> {
  let { heard } = o;
  for (const [at, delayMs] of RETRIES_MS.entries()) {
    if (heard.reason === null || heard.headers["x-slack-no-retry"] === "1") return;
    await pause(delayMs * world.options.timeScale);
    const number = await waitUntilReachable(world, at + 1);
    if (world.closed) return;
    heard = await attempt(world, payload, { ...o, number, reason: heard.reason });
  }
}

/** Waits for a connection if there is no Request URL; `settled` does not wait for this. */
async function waitUntilReachable(world: World, number: number): Promise<number> {
  if (world.requestUrl !== null || world.hub.open.size > 0) return number;
  world.busy--;
  await waitForConnection(world);
  world.busy++;
  return number;
}
