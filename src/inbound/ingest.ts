/**
 * The way of raw bytes that were found genuine, whether a platform posted them or we fetched them: read, named, stored,
 * and then, where a desk answers people while they wait, answered. What comes back is for the platform.
 */
import type { ChannelAdapter, InboundConnection } from "../adapter/adapter.ts";
import type { Inbound, RawInbound, StoredInbound } from "../adapter/inbound.ts";
import { createLogThrottle, type LogThrottle } from "../lib/log-throttle.ts";
import type { Logger } from "../lib/logger.ts";
import type { Receive } from "./receive.ts";

/** A configured channel as inbound sees it. */
export interface OpenChannel {
  adapter: ChannelAdapter;
  config: unknown;
}

/** Who answers people while they wait, where the channel is the desk's (handoff/desk.ts). */
export interface Interactions {
  refuse?(raw: RawInbound): Promise<{ reason: string; answer: string | null } | null>;
  interact(raw: RawInbound, stored: readonly StoredInbound[]): Promise<string | null>;
}

export interface Ingested {
  stored: readonly StoredInbound[];
  /** What the platform is to be answered at once; null: nothing in particular. */
  answer: string | null;
}

/** Throws when the database can't be reached; then nothing may be acknowledged (I1). */
export type Ingest = (channel: string, raw: RawInbound) => Promise<Ingested>;

interface IngestOptions {
  channels: ReadonlyMap<string, OpenChannel>;
  connections: ReadonlyMap<string, InboundConnection>;
  interactions: ReadonlyMap<string, Interactions>;
  /** The channel on which the desk is: what comes on any other is no act of an operator's. */
  desk: string;
  receive: Receive;
  log: Logger;
}

/** A platform waits for our answer, so a name that takes longer is left for the next message. */
const NAME_WITHIN_MS = 800;

export function createIngest({ channels, connections, interactions, desk, receive, log }: IngestOptions): Ingest {
  const spare = createLogThrottle();
  return async (name, raw) => {
    const open = channels.get(name);
    if (open === undefined) throw new Error(`There is no channel “${name}”`);
    const answering = interactions.get(name);
    const refusal = await answering?.refuse?.(raw);
    const parsed = readable(() => open.adapter.parse(raw, open.config), { log, name, spare });
    const items = name === desk ? parsed : parsed.map(actless);
    const wanted = refusal == null ? await named(items, connections.get(name)) : items.map(refused(refusal.reason));
    const stored = await receive(name, items.some(isWithheld) ? withoutBytes(raw) : raw, wanted);
    if (refusal != null) return { stored, answer: refusal.answer };
    return { stored, answer: (await answering?.interact(raw, stored)) ?? null };
  };
}

/** What can't be read or says nothing is kept with that reason, so that its bytes can be read again (I4). */
function readable(parse: () => Inbound[], o: { log: Logger; name: string; spare: LogThrottle }): Inbound[] {
  try {
    const items = parse();
    return items.length === 0 ? [kept("empty")] : items;
  } catch (error) {
    // An adapter that fails on a body has a bug.
    const more = o.spare(o.name);
    if (more !== null) o.log.error({ err: error, channel: o.name, ...more }, "inbound was unreadable");
    return [kept("unreadable")];
  }
}

// Whoever may post to a customers' channel (its own administrators know its secrets) holds no case by that.
const actless = (item: Inbound): Inbound => {
  if (item.kind !== "action") return item;
  const { dedupeKeys, externalId } = item;
  return { kind: "ignored", reason: "not_the_desk", dedupeKeys, externalId };
};

const kept = (reason: string): Inbound => ({ kind: "ignored", reason, dedupeKeys: [], externalId: "" });

// What is refused is kept as what came, and acts on nothing. Without its dedupe keys: the same dialog may be handed in
// again, and then be taken.
const refused =
  (reason: string) =>
  ({ externalId }: Inbound): Inbound => ({ kind: "ignored", reason, dedupeKeys: [], externalId });

const isWithheld = (item: Inbound): boolean => item.kind === "ignored" && item.withheld === true;

/** The row says that something came, and why it was not taken; what it said was never ours. */
const withoutBytes = (raw: RawInbound): RawInbound => ({ ...raw, body: new Uint8Array() });

/** People are called by their names; what some platforms send along is a handle. */
async function named(items: readonly Inbound[], inboundConnection: InboundConnection | undefined): Promise<Inbound[]> {
  if (inboundConnection?.profile === undefined) return [...items];
  const signal = AbortSignal.timeout(NAME_WITHIN_MS);
  return Promise.all(items.map((item) => withProfile(item, inboundConnection, signal)));
}

async function withProfile(item: Inbound, inboundConnection: InboundConnection, signal: AbortSignal): Promise<Inbound> {
  if (!("from" in item) || item.kind === "moved") return item;
  // A platform that does not answer costs a name, never a message.
  const asked = (async () => inboundConnection.profile?.(item.from, signal))();
  const known = await inTime(asked, signal).catch(() => null);
  if (known == null) return item;
  const { name, ...profile } = known;
  return { ...item, ...(name === undefined ? {} : { displayName: name }), profile: { ...profile, ...item.profile } };
}

/** Whatever the platform's client makes of the signal, nobody waits longer. */
function inTime<Value>(asked: Promise<Value>, signal: AbortSignal): Promise<Value | undefined> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
    asked.then(resolve, reject);
  });
}
