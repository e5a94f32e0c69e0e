/** Parses envelopes of the Events API, from the webhook or from Socket Mode. */
import type { Inbound } from "../../../src/adapter/inbound.ts";
import type { SlackConfig } from "../config.ts";
import { placeOf } from "../ids.ts";
import { type Delivery, deliveryOf, ignored, isDirect, isOurs } from "./delivery.ts";
import { type Envelope, MessageEvent, MovedEvent } from "./event-body.ts";
import { keysOf, parseDeletion, parseEdit, parseMessage } from "./parse-message.ts";

/** Subtypes of messages that somebody wrote (docs.slack.dev, "message events"); "" is a message without a subtype. */
const MESSAGE_SUBTYPES: ReadonlySet<string> = new Set([
  "",
  "file_share",
  "thread_broadcast",
  "me_message",
  "bot_message",
]);
/** Subtypes of notices about a channel, which Slack sends as messages. */
const CHANNEL_NOTICE = /^(?:channel_|group_)/;
const OTHER_NOTICES: ReadonlySet<string> = new Set([
  "pinned_item",
  "unpinned_item",
  "reminder_add",
  "file_comment",
  "file_mention",
  "document_mention",
  "assistant_app_thread",
  "ekm_access_denied",
]);

/** Events for the desk's interactions: about places, members and the app itself. */
const DESK_EVENTS: ReadonlySet<string> = new Set([
  "app_home_opened",
  "app_uninstalled",
  "channel_archive",
  "channel_deleted",
  "channel_left",
  "channel_rename",
  "channel_shared",
  "channel_unarchive",
  "channel_unshared",
  "group_archive",
  "group_deleted",
  "group_left",
  "group_rename",
  "group_unarchive",
  "member_joined_channel",
  "member_left_channel",
  "subteam_created",
  "subteam_members_changed",
  "subteam_self_added",
  "subteam_self_removed",
  "subteam_updated",
  "tokens_revoked",
  "user_change",
]);

export function parseEvent(envelope: Envelope, config: SlackConfig): Inbound[] {
  const { type, event, event_id: id } = envelope;
  const ref = { id, key: id === undefined ? undefined : `ev:${id}` };
  if (type === "url_verification" || type === "app_rate_limited") return [ignored(type, ref)];
  if (type !== "event_callback" || event === undefined) return [ignored(`unknown_type:${safeName(type)}`, ref)];
  const delivery = deliveryOf(envelope, config);
  switch (event.type) {
    case "message":
    case "app_mention":
      return [parseMessageEvent(event, delivery)];
    case "channel_id_changed":
      return [parseMove(event, delivery)];
    default:
      return [ignored(DESK_EVENTS.has(event.type) ? "desk_front" : `unknown_event:${safeName(event.type)}`, ref)];
  }
}

function parseMessageEvent(given: unknown, delivery: Delivery): Inbound {
  const event = MessageEvent.safeParse(given).data;
  const ref = { id: event?.ts ?? delivery.eventId, key: delivery.eventId && `ev:${delivery.eventId}` };
  if (event === undefined) return ignored("not_a_message", ref);
  const { subtype = "", channel, ts } = event;
  if (subtype === "message_changed") return parseEdit(event, delivery);
  if (subtype === "message_deleted")
    return parseDeletion({ event, ts: event.deleted_ts, before: event.previous_message }, delivery);
  if (isOurs(event, delivery)) return ignored("own_echo", ref);
  // Slack also sends the reply itself.
  if (subtype === "message_replied") return ignored("message_replied", ref);
  if (CHANNEL_NOTICE.test(subtype) || OTHER_NOTICES.has(subtype)) return ignored("system", ref);
  if (!MESSAGE_SUBTYPES.has(subtype)) return ignored(`unknown_subtype:${safeName(subtype)}`, ref);
  if (ts === undefined) return ignored("not_a_message", ref);
  const direct = isDirect(channel, event.channel_type);
  return parseMessage(
    { message: { ...event, ts }, channel, direct, addressed: event.type === "app_mention" },
    delivery,
  );
}

function parseMove(given: unknown, delivery: Delivery): Inbound {
  const event = MovedEvent.safeParse(given).data;
  if (event === undefined) return ignored("not_a_move", { id: delivery.eventId });
  const { old_channel_id: from, new_channel_id: to } = event;
  return {
    kind: "moved",
    dedupeKeys: keysOf(delivery, `moved:${from}:${to}`),
    externalId: event.event_ts ?? delivery.eventId ?? `${from}:${to}`,
    from: placeOf(from),
    to: placeOf(to),
  };
}

/** Limits a foreign type to a safe shape, because reasons are counted by name. */
const safeName = (type: string): string => (/^[\w.-]{1,60}$/.test(type) ? type : "unreadable");
