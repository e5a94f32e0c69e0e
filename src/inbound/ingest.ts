/**
 * Takes in raw bytes that are genuine, whether a platform posted them or we fetched them: parses them, stores what came of
 * it, and lets a desk answer people who wait. The result is for the platform. Nothing outside is waited for before a
 * message is stored (I9); only dialogs of the desk and shortcuts may be refused first.
 */
import type { ChannelAdapter } from "../adapter/adapter.ts";
import type { Inbound, RawInbound, StoredInbound } from "../adapter/inbound.ts";
import { createLogThrottle } from "../lib/log-throttle.ts";
import type { Logger } from "../lib/logger.ts";
import type { Receive } from "./receive.ts";

/** A configured channel as inbound sees it. */
export interface OpenChannel {
  adapter: ChannelAdapter;
  config: unknown;
}

/** Answers people who wait, where the channel is the desk's (desk/desk.ts). */
export interface Interactions {
  refuse?(raw: RawInbound): Promise<{ reason: string; answer: string | null } | null>;
  interact(raw: RawInbound, stored: readonly StoredInbound[]): Promise<string | null>;
}

export interface Ingested {
  stored: readonly StoredInbound[];
  /** Body that the platform is answered with at once; null: nothing in particular. */
  answer: string | null;
}

/** Throws when the database can't be reached; then nothing may be acknowledged (I1). */
export type Ingest = (channel: string, raw: RawInbound) => Promise<Ingested>;

interface IngestOptions {
  channels: ReadonlyMap<string, OpenChannel>;
  interactions: ReadonlyMap<string, Interactions>;
  /** The desk's channel: on any other, nothing is an operator's action. */
  desk: string;
  receive: Receive;
  log: Logger;
}

export function createIngest({ channels, interactions, desk, receive, log }: IngestOptions): Ingest {
  const throttle = createLogThrottle();

  /** Items of the raw bytes. Bytes that can't be parsed, or say nothing, are kept with that reason (I4). */
  function parsed(name: string, { adapter, config }: OpenChannel, raw: RawInbound): Inbound[] {
    try {
      const items = adapter.parse(raw, config);
      return items.length === 0 ? [ignored("empty")] : items;
    } catch (error) {
      // An adapter that fails on a body has a bug.
      const fields = throttle(name);
      if (fields !== null) log.error({ err: error, channel: name, ...fields }, "inbound was unreadable");
      return [ignored("unreadable")];
    }
  }

  return async (name, raw) => {
    const open = channels.get(name);
    if (open === undefined) throw new Error(`There is no channel “${name}”`);
    const answering = interactions.get(name);
    const refusal = (await answering?.refuse?.(raw)) ?? null;
    const all = parsed(name, open, raw);
    const items = name === desk ? all : all.map(withoutAction);
    const taken = refusal === null ? items : items.map(({ externalId }) => ignored(refusal.reason, { externalId }));
    const stored = await receive(name, items.some(isWithheld) ? withoutBytes(raw) : raw, taken);
    if (refusal !== null) return { stored, answer: refusal.answer };
    return { stored, answer: (await answering?.interact(raw, stored)) ?? null };
  };
}

/** An item that is kept, and acts on nothing. Without dedupe keys, so that the same dialog may come again and be taken then. */
const ignored = (reason: string, { externalId = "" } = {}): Inbound => ({
  kind: "ignored",
  reason,
  dedupeKeys: [],
  externalId,
});

/** Administrators of a customers' channel know its secrets and can post to it; that gives them no power over a case. */
const withoutAction = (item: Inbound): Inbound => {
  if (item.kind !== "action") return item;
  const { dedupeKeys, externalId } = item;
  return { kind: "ignored", reason: "not_the_desk", dedupeKeys, externalId };
};

const isWithheld = (item: Inbound): boolean => item.kind === "ignored" && item.withheld === true;

/** The row says that something came, and why it was not taken; its words were not for us to keep. */
const withoutBytes = (raw: RawInbound): RawInbound => ({ ...raw, body: new Uint8Array() });
