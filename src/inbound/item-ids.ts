/** The ids of an item as they are stored, and what no platform sends but somebody could: names without end. */
import type { Inbound } from "../adapter/inbound.ts";
import { address, remoteChannelId, remoteId, threadId } from "../domain/ids.ts";
import { type LongId, longIds, storableId } from "../store/long-id.ts";
import { isStorable } from "../store/text.ts";

/** Characters of a name, a phone number, a mail address: they stand in every event and state of the contact (T11). */
const MAX_NAME_CHARACTERS = 300;

/**
 * Returns the item with ids that fit into an index (I10); or ignored where one of them has a character that can't be stored:
 * without that character it would be the id of something else.
 */
export function withStorableIds(item: Inbound): Inbound {
  if (![...item.dedupeKeys, ...idsOf(item)].every(isStorable))
    return { kind: "ignored", dedupeKeys: [], externalId: "", reason: "unstorable_id" };
  return withShortNames(withShortIds(item));
}

/** The originals of an item's ids that are stored as digests and that its adapter may be given back. */
export const idsToKeep = (item: Inbound): LongId[] => longIds(idsOf(item).filter(isStorable));

function idsOf(item: Inbound): readonly string[] {
  switch (item.kind) {
    case "message":
      return [item.externalId, item.thread, item.from, item.place ?? ""];
    case "opt_out":
    case "opt_in":
    case "help":
      return [item.externalId, item.thread, item.from];
    case "choice":
      return [item.externalId, item.thread, item.from, item.promptId, item.optionId];
    case "action":
      return [item.thread, item.from];
    case "edit":
    case "delete":
      return [item.externalId, item.thread, item.from, item.target];
    case "receipt":
      return [item.message, item.key ?? ""];
    case "moved":
      return [item.from, item.to];
    case "ignored":
      return [];
  }
}

function withShortIds(item: Inbound): Inbound {
  const keys = { dedupeKeys: item.dedupeKeys.map(storableId), externalId: storableId(item.externalId) };
  if (item.kind === "ignored") return { ...item, ...keys };
  if (item.kind === "receipt") return { ...item, ...keys, message: remoteId(storableId(item.message)) };
  if (item.kind === "moved") return { ...item, ...keys, from: placeOf(item.from), to: placeOf(item.to) };
  const sender = { thread: threadId(storableId(item.thread)), from: address(storableId(item.from)) };
  const place = item.place === undefined ? {} : { place: placeOf(item.place) };
  const target = "target" in item ? { target: storableId(item.target) } : {};
  return { ...item, ...keys, ...sender, ...place, ...target };
}

const placeOf = (place: string) => remoteChannelId(storableId(place));

type Facts = NonNullable<Extract<Inbound, { kind: "message" }>["profile"]>;

function withShortNames(item: Inbound): Inbound {
  if (!("trust" in item)) return item;
  const { displayName, profile } = item;
  return {
    ...item,
    ...(displayName === undefined ? {} : { displayName: short(displayName) }),
    ...(profile === undefined ? {} : { profile: withShortFacts(profile) }),
  };
}

function withShortFacts({ attributes, ...facts }: Facts): Facts {
  const kept = Object.fromEntries(Object.entries(facts).map(shortEntry));
  return attributes === undefined
    ? kept
    : { ...kept, attributes: Object.fromEntries(Object.entries(attributes).map(shortEntry)) };
}

const shortEntry = ([field, text]: [string, string]): [string, string] => [field, short(text)];

/** The whole name is in the raw form. */
const short = (text: string): string =>
  text.length <= MAX_NAME_CHARACTERS ? text : text.slice(0, MAX_NAME_CHARACTERS).toWellFormed();
