/** Facts from the envelope of an event: our app, our bot, and whether a message was meant for us. */
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
  /** The workspace that installed our app. */
  team: string | undefined;
  /** User ids of our bot. */
  bots: ReadonlySet<string>;
  /** Another organisation is in the channel, so every message there is for us. */
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

/** Slack itself, Slackbot, and the placeholder for a person whose keys were revoked (docs.slack.dev, "message events"). */
const SYSTEM_USERS: ReadonlySet<string> = new Set(["USLACK", "USLACKBOT", "UREVOKEDU"]);

/** Returns the reason why an author is neither a customer nor an operator; null: they may be. */
export function nonPersonReason(author: Author, delivery: Delivery): string | null {
  const { user, bot_id: bot } = author;
  if (isOurs(author, delivery)) return "own_echo";
  if (user !== undefined && SYSTEM_USERS.has(user)) return "system";
  if (bot !== undefined) return delivery.config.allow_bots.includes(bot) ? null : "other_bot";
  return user === undefined ? "no_author" : null;
}

/** True of our own posts, recognised by our user, our app or our metadata. */
export function isOurs({ user, bot_id, app_id, bot_profile, metadata }: Author, delivery: Delivery): boolean {
  if (user !== undefined && delivery.bots.has(user)) return true;
  const app = app_id ?? bot_profile?.app_id;
  if (app !== undefined && app === delivery.appId) return true;
  return bot_id !== undefined && metadata?.event_type === METADATA_EVENT;
}

/** True of a conversation between the bot and one person. `type`: Slack's channel type, which some bodies lack. */
export const isDirect = (channel: string, type: string | undefined): boolean =>
  type === undefined ? channel.startsWith("D") : type === "im" || type === "app_home";

/** Returns the thread and place of a message. `ts` is its own, `parent` the thread's if it is in one. */
export function threadAndPlace(
  o: { channel: string; direct: boolean; ts: string; parent: string | undefined },
  config: SlackConfig,
): { thread: ThreadId; place?: RemoteChannelId } {
  const { channel, direct, ts, parent } = o;
  if (!direct) return { thread: threadOf(channel, parent ?? ts), place: placeOf(channel) };
  if (config.agent_view) return { thread: threadOf(channel, parent ?? ts) };
  // A top-level message stays in the rolling conversation when somebody answers it in a thread.
  return { thread: threadOf(channel, parent === undefined || parent === ts ? null : parent) };
}

/** Ignores something that was not written to us: a row is stored, without its content. */
export function withheld(reason: string, o: { id?: string | undefined } = {}): Inbound {
  return { kind: "ignored", reason, dedupeKeys: [], externalId: o.id ?? "", withheld: true };
}

export function ignored(reason: string, o: { id?: string | undefined; key?: string | undefined } = {}): Inbound {
  return { kind: "ignored", reason, dedupeKeys: o.key === undefined ? [] : [o.key], externalId: o.id ?? "" };
}
