/** The Events API's envelope: what comes over the webhook, and over Socket Mode as its payload. */
import type { Inbound } from "../../../src/adapter/inbound.ts";
import type { SlackConfig } from "../config.ts";
import { placeOf } from "../ids.ts";
import { type Delivery, deliveryOf, ignored, isDirect, isOurs } from "./delivery.ts";
import { type Envelope, MessageEvent, MovedEvent } from "./event-body.ts";
import { changed, keysOf, spoken, takenBack } from "./parse-message.ts";

/** Subtypes that are somebody's words (docs.slack.dev, "message events"); "" is a message without one. */
const SPOKEN: ReadonlySet<string> = new Set(["", "file_share", "thread_broadcast", "me_message", "bot_message"]);
/** What happened in a channel, told as a message. */
const TOLD = /^(?:channel_|group_)/;
const TOLD_TOO: ReadonlySet<string> = new Set([
  "pinned_item",
  "unpinned_item",
  "reminder_add",
  "file_comment",
  "file_mention",
  "document_mention",
  "assistant_app_thread",
  "ekm_access_denied",
]);

/** What the desk's front keeps itself informed by: places, members, the app itself. */
const FOR_FRONT: ReadonlySet<string> = new Set([
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
  const told = { id, key: id === undefined ? undefined : `ev:${id}` };
  if (type === "url_verification" || type === "app_rate_limited") return [ignored(type, told)];
  if (type !== "event_callback" || event === undefined) return [ignored(`unknown_type:${named(type)}`, told)];
  const delivery = deliveryOf(envelope, config);
  switch (event.type) {
    case "message":
    case "app_mention":
      return [message(event, delivery)];
    case "channel_id_changed":
      return [moved(event, delivery)];
    default:
      return [ignored(FOR_FRONT.has(event.type) ? "desk_front" : `unknown_event:${named(event.type)}`, told)];
  }
}

function message(given: unknown, delivery: Delivery): Inbound {
  const event = MessageEvent.safeParse(given).data;
  const told = { id: event?.ts ?? delivery.eventId, key: delivery.eventId && `ev:${delivery.eventId}` };
  if (event === undefined) return ignored("not_a_message", told);
  const { subtype = "", channel, ts } = event;
  if (subtype === "message_changed") return changed(event, delivery);
  if (subtype === "message_deleted")
    return takenBack({ event, ts: event.deleted_ts, before: event.previous_message }, delivery);
  if (isOurs(event, delivery)) return ignored("own_echo", told);
  // Slack sends the reply itself as well.
  if (subtype === "message_replied") return ignored("message_replied", told);
  if (TOLD.test(subtype) || TOLD_TOO.has(subtype)) return ignored("system", told);
  if (!SPOKEN.has(subtype)) return ignored(`unknown_subtype:${named(subtype)}`, told);
  if (ts === undefined) return ignored("not_a_message", told);
  const direct = isDirect(channel, event.channel_type);
  return spoken({ message: { ...event, ts }, channel, direct, addressed: event.type === "app_mention" }, delivery);
}

function moved(given: unknown, delivery: Delivery): Inbound {
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

/** Reasons are counted by name, so a name of another's has a bounded shape. */
const named = (type: string): string => (/^[\w.-]{1,60}$/.test(type) ? type : "unreadable");
