/** Parses messages, edits and deletions. */
import type { Inbound } from "../../../src/adapter/inbound.ts";
import { address } from "../../../src/domain/ids.ts";
import { userAddress } from "../ids.ts";
import { type Delivery, ignored, isDirect, isOurs, nonPersonReason, threadAndPlace } from "./delivery.ts";
import { type Author, type Message, type MessageEvent, timeOf } from "./event-body.ts";
import { readFiles } from "./parse-files.ts";
import { wordsIn } from "./words-in.ts";

/** Sender of a deletion, which Slack does not always name. */
const UNKNOWN = address("unknown");

/** Returns the event's own dedupe key, and one that two events about the same thing share. */
export const keysOf = ({ eventId }: Pick<Delivery, "eventId">, shared: string): string[] =>
  eventId === undefined ? [shared] : [`ev:${eventId}`, shared];

/** Parses a new message. `direct`: in a direct message with the bot. */
export function parseMessage(
  o: { message: Message & { ts: string }; channel: string; direct: boolean; addressed: boolean },
  delivery: Delivery,
): Inbound {
  const { message, channel, direct } = o;
  const { ts, thread_ts: parent } = message;
  const refused = nonPersonReason(message, delivery);
  if (refused !== null) return ignore(refused, delivery, ts);
  const words = wordsIn(message, delivery.bots);
  const files = readFiles([...(message.files ?? []), ...(message.attachments ?? []).flatMap((one) => one.files ?? [])]);
  // If the event does not name our bot, any mention may be it.
  const mentionsBot = words.addressed || (words.mentions && delivery.bots.size === 0);
  const ours = direct || o.addressed || mentionsBot || delivery.shared;
  const flags = flagsOf(message, delivery);
  return {
    kind: "message",
    dedupeKeys: keysOf(delivery, `msg:${channel}:${ts}:message`),
    externalId: ts,
    sentAt: timeOf(ts),
    ...threadAndPlace({ channel, direct, ts, parent }, delivery.config),
    ...authorOf(message),
    text: [words.text, ...files.words].filter((line) => line !== "").join("\n"),
    attachments: files.attachments,
    ...(ours || delivery.config.support_channels.includes(channel) ? {} : { joinsOnly: true }),
    ...(words.mentions ? { mentions: true } : {}),
    ...(flags.length > 0 ? { flags } : {}),
  };
}

/**
 * Parses an edit. `message_changed` also comes for our own updates, unfurled links and counted replies: only a person's
 * message that is marked as edited, with another time or text than before, is an edit.
 */
export function parseEdit(event: MessageEvent, delivery: Delivery): Inbound {
  const { message, previous_message: before, channel } = event;
  const ts = message?.ts;
  if (message === undefined || ts === undefined) return ignore("not_a_message", delivery, event.ts);
  if (message.subtype === "tombstone") return parseDeletion({ event, ts, before }, delivery);
  if (isOurs(message, delivery)) return ignore("own_echo", delivery, ts);
  if (message.bot_id !== undefined) return ignore("other_bot", delivery, ts);
  const refused = nonPersonReason(message, delivery);
  if (refused !== null) return ignore(refused, delivery, ts);
  const { edited } = message;
  const same = edited?.ts === before?.edited?.ts && message.text === before?.text;
  if (edited === undefined || same) return ignore("not_an_edit", delivery, ts);
  const words = wordsIn(message, delivery.bots);
  const flags = flagsOf(message, delivery);
  return {
    kind: "edit",
    dedupeKeys: keysOf(delivery, `msg:${channel}:${ts}:edit:${edited.ts ?? event.ts ?? ""}`),
    externalId: event.ts ?? ts,
    target: ts,
    ...(edited.ts === undefined ? {} : { sentAt: timeOf(edited.ts) }),
    ...threadOfEvent(event, { ts, parent: message.thread_ts }, delivery),
    ...authorOf(message),
    text: words.text,
    ...(words.mentions ? { mentions: true } : {}),
    ...(flags.length > 0 ? { flags } : {}),
  };
}

/** Parses a deletion; the deleted text is not stored. */
export function parseDeletion(
  o: { event: MessageEvent; ts: string | undefined; before: Message | undefined },
  delivery: Delivery,
): Inbound {
  const { event, ts, before = {} } = o;
  if (ts === undefined) return ignore("not_a_message", delivery, event.ts);
  const refused = nonPersonReason(before, delivery);
  if (refused !== null && refused !== "no_author") return ignore(refused, delivery, ts);
  return {
    kind: "delete",
    dedupeKeys: keysOf(delivery, `msg:${event.channel}:${ts}:delete`),
    externalId: event.ts ?? ts,
    target: ts,
    ...(event.ts === undefined ? {} : { sentAt: timeOf(event.ts) }),
    ...threadOfEvent(event, { ts, parent: before.thread_ts }, delivery),
    ...(refused === null ? authorOf(before) : { from: UNKNOWN, trust: "verified" }),
  };
}

const ignore = (reason: string, { eventId }: Delivery, ts: string | undefined): Inbound =>
  ignored(reason, { id: ts ?? eventId, key: eventId === undefined ? undefined : `ev:${eventId}` });

const threadOfEvent = (event: MessageEvent, o: { ts: string; parent: string | undefined }, { config }: Delivery) =>
  threadAndPlace({ channel: event.channel, direct: isDirect(event.channel, event.channel_type), ...o }, config);

type From = Pick<Extract<Inbound, { kind: "message" }>, "from" | "trust" | "displayName">;

/** Returns the author: Slack verifies people, but another app chooses its own name. */
function authorOf(author: Author): From {
  const { user, bot_id: bot, user_profile: profile } = author;
  const name =
    bot === undefined ? profile?.display_name || profile?.real_name : author.username || author.bot_profile?.name;
  const who = name === undefined || name === "" ? {} : { displayName: name };
  if (bot !== undefined) return { from: address(bot), trust: "asserted", ...who };
  return { from: userAddress(user ?? UNKNOWN), trust: "verified", ...who };
}

function flagsOf(message: Message, { team }: Delivery): string[] {
  const theirs = message.user_team ?? message.source_team ?? message.team ?? message.user_profile?.team;
  const external = theirs !== undefined && team !== undefined && theirs !== team;
  const flags = { external, me: message.subtype === "me_message", broadcast: message.subtype === "thread_broadcast" };
  return Object.entries(flags).flatMap(([flag, stands]) => (stands ? flag : []));
}
