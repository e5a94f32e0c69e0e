/** What the envelope of an event says about its message: whose app we are, and whether it was meant for us. */
import type { Inbound } from "../../../src/adapter/inbound.ts";
import type { RemoteChannelId, ThreadId } from "../../../src/domain/ids.ts";
import type { SlackConfig } from "../config.ts";
import { placeOf, threadOf } from "../ids.ts";
import { METADATA_EVENT } from "../outbound/body.ts";
import type { Author, Envelope } from "./event-body.ts";

export interface Delivery {
  config: SlackConfig;
  eventId: string | undefined;
  appId: string | undefined;
  /** The workspace that installed us. */
  team: string | undefined;
  /** User ids of our bot. */
  bots: ReadonlySet<string>;
  /** Another organisation is in the channel: whoever writes there writes to us. */
  shared: boolean;
}

export function deliveryOf(envelope: Envelope, config: SlackConfig): Delivery {
  const authorizations = envelope.authorizations ?? [];
  const bots = authorizations.flatMap(({ user_id, is_bot }) =>
    user_id === undefined || is_bot === false ? [] : user_id,
  );
  return {
    config,
    eventId: envelope.event_id,
    appId: envelope.api_app_id,
    team: authorizations[0]?.team_id ?? envelope.team_id,
    bots: new Set(bots),
    shared: envelope.is_ext_shared_channel === true,
  };
}

/** Slack itself, Slackbot, and who stands for a person whose keys were revoked (docs.slack.dev, "message events"). */
const SYSTEM_USERS: ReadonlySet<string> = new Set(["USLACK", "USLACKBOT", "UREVOKEDU"]);

/** Why what somebody wrote is none of a customer's or an operator's; null: it is. */
export function notAPerson(author: Author, delivery: Delivery): string | null {
  const { user, bot_id: bot } = author;
  if (isOurs(author, delivery)) return "own_echo";
  if (user !== undefined && SYSTEM_USERS.has(user)) return "system";
  if (bot !== undefined) return delivery.config.allow_bots.includes(bot) ? null : "other_bot";
  return user === undefined ? "no_author" : null;
}

/** In every form in which our own posts come back, by our id, our app, or what stands with each post of ours. */
export function isOurs({ user, bot_id, app_id, bot_profile, metadata }: Author, delivery: Delivery): boolean {
  if (user !== undefined && delivery.bots.has(user)) return true;
  const app = app_id ?? bot_profile?.app_id;
  if (app !== undefined && app === delivery.appId) return true;
  return bot_id !== undefined && metadata?.event_type === METADATA_EVENT;
}

/** A conversation between the bot and one person. `type`: what Slack says of it; not all bodies do. */
export const isDirect = (channel: string, type: string | undefined): boolean =>
  type === undefined ? channel.startsWith("D") : type === "im" || type === "app_home";

/** Where a message stands. `ts` is its own, `parent` the thread's, where it is in one. */
export function threadAndPlace(
  o: { channel: string; direct: boolean; ts: string; parent: string | undefined },
  config: SlackConfig,
): { thread: ThreadId; place?: RemoteChannelId } {
  const { channel, direct, ts, parent } = o;
  if (!direct) return { thread: threadOf(channel, parent ?? ts), place: placeOf(channel) };
  if (config.agent_view) return { thread: threadOf(channel, parent ?? ts) };
  // A message at the top stays part of the rolling conversation when somebody answers it in a thread.
  return { thread: threadOf(channel, parent === undefined || parent === ts ? null : parent) };
}

/** Of what was not written to us: that something came is kept, and nothing of what it says. */
export function withheld(reason: string, o: { id?: string | undefined } = {}): Inbound {
  return { kind: "ignored", reason, dedupeKeys: [], externalId: o.id ?? "", withheld: true };
}

export function ignored(reason: string, o: { id?: string | undefined; key?: string | undefined } = {}): Inbound {
  return { kind: "ignored", reason, dedupeKeys: o.key === undefined ? [] : [o.key], externalId: o.id ?? "" };
}
