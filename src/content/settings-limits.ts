/** Reads `limits:` of frontdesk.yaml, with the defaults of domain/limits.ts. */
import { DEFAULT_LIMITS, type FileLimits, type Limits, type Pace } from "../domain/limits.ts";
import type { ModelLimits } from "../domain/model-settings.ts";
import { didYouMean } from "../language/suggest.ts";
import {
  type Entry,
  type Fields,
  fault,
  readDecimal,
  readDuration,
  readFields,
  readMap,
  readNumber,
} from "../language/yaml-entry.ts";

/** Catches typing errors. */
const COUNT = { min: 1, max: 10_000_000 };
/** At most a terabyte. */
const MEGABYTES = { min: 1, max: 1024 * 1024 };
const MB = 1024 * 1024;
/** Catches typing errors. */
const DOLLARS = { min: 0, max: 1_000_000 };
const TOKENS = { min: 0, max: 1_000_000_000_000 };
const MODEL_KEYS = [
  "cost_per_day_usd",
  "cost_per_conversation_usd",
  "tokens_per_day",
  "tokens_per_conversation",
] as const;

/** Reads the limits; `channels` are the names of the configured channels. */
export function readLimits(entry: Entry, channels: readonly string[]): Limits {
  const known = ["sender", "thread", "channel", "loop", "files", ...MODEL_KEYS];
  const fields = readFields(entry, { what: "limits:", known });
  const read = <Value>(key: string, otherwise: Value, how: (field: Entry) => Value): Value => {
    const field = fields?.get(key);
    return field === undefined ? otherwise : how(field);
  };
  return {
    sender: read("sender", DEFAULT_LIMITS.sender, (field) => readPace(field, DEFAULT_LIMITS.sender)),
    thread: read("thread", DEFAULT_LIMITS.thread, (field) => readPace(field, DEFAULT_LIMITS.thread)),
    channel: read("channel", DEFAULT_LIMITS.channel, (field) => readCeilings(field, channels)),
    loop: read("loop", DEFAULT_LIMITS.loop, readLoop),
    files: read("files", DEFAULT_LIMITS.files, readFiles),
    models: readModelLimits(fields ?? new Map()),
  };
}

const dollars = (field: Entry) => readDecimal(field, DOLLARS);
const tokens = (field: Entry) => readNumber(field, TOKENS);

function readModelLimits(fields: Fields): ModelLimits {
  const read = (key: (typeof MODEL_KEYS)[number], how: (field: Entry) => number | null) => {
    const field = fields.get(key);
    return field === undefined ? null : how(field);
  };
  const otherwise = DEFAULT_LIMITS.models;
  return {
    costPerDayUsd: read("cost_per_day_usd", dollars) ?? otherwise.costPerDayUsd,
    costPerConversationUsd: read("cost_per_conversation_usd", dollars) ?? otherwise.costPerConversationUsd,
    tokensPerDay: read("tokens_per_day", tokens) ?? otherwise.tokensPerDay,
    tokensPerConversation: read("tokens_per_conversation", tokens) ?? otherwise.tokensPerConversation,
  };
}

/** Reads integers by key; missing or wrong ones get their default. */
function numbers<Key extends string>(
  entry: Entry,
  keys: Readonly<Record<Key, number>>,
  bounds: { min: number; max: number },
): Record<Key, number> {
  const fields = readFields(entry, { what: `${entry.name}:`, known: Object.keys(keys) });
  const read = Object.entries<number>(keys).map(([key, otherwise]) => {
    const field = fields?.get(key);
    return [key, (field === undefined ? null : readNumber(field, bounds)) ?? otherwise];
  });
  return Object.fromEntries(read) as Record<Key, number>;
}

function readPace(entry: Entry, otherwise: Pace): Pace {
  const { minute: per_minute, hour: per_hour, day: per_day } = otherwise;
  const read = numbers(entry, { per_minute, per_hour, per_day }, COUNT);
  return { minute: read.per_minute, hour: read.per_hour, day: read.per_day };
}

function readCeilings(entry: Entry, channels: readonly string[]): Limits["channel"] {
  const { perDay } = DEFAULT_LIMITS.channel;
  const fields = readFields(entry, { what: "channel:", known: ["per_day", "of"] });
  const everywhere = fields?.get("per_day");
  const some = fields?.get("of");
  const of = [...(some === undefined ? [] : (readMap(some) ?? []))].map(([name, field]) => {
    if (!channels.includes(name))
      fault(field, "106", `there is no channel "${name}"${didYouMean(name, channels)}`, "key");
    return [name, readNumber(field, COUNT) ?? perDay] as const;
  });
  return {
    perDay: (everywhere === undefined ? null : readNumber(everywhere, COUNT)) ?? perDay,
    of: Object.fromEntries(of),
  };
}

function readLoop(entry: Entry): Limits["loop"] {
  const otherwise = DEFAULT_LIMITS.loop;
  const fields = readFields(entry, { what: "loop:", known: ["exchanges", "within", "rapid"] });
  const count = (key: "exchanges" | "rapid") => {
    const field = fields?.get(key);
    return (field === undefined ? null : readNumber(field, COUNT)) ?? otherwise[key];
  };
  const within = fields?.get("within");
  const withinMs = (within === undefined ? null : readDuration(within)) ?? otherwise.withinMs;
  return { exchanges: count("exchanges"), withinMs, rapid: count("rapid") };
}

function readFiles(entry: Entry): FileLimits {
  const { perMessage, perConversation, perSenderDay, store } = DEFAULT_LIMITS.files;
  const read = numbers(
    entry,
    {
      message_mb: perMessage / MB,
      conversation_mb: perConversation / MB,
      sender_day_mb: perSenderDay / MB,
      store_mb: store / MB,
    },
    MEGABYTES,
  );
  return {
    perMessage: read.message_mb * MB,
    perConversation: read.conversation_mb * MB,
    perSenderDay: read.sender_day_mb * MB,
    store: read.store_mb * MB,
  };
}
