/**
 * The one way in. What an adapter made of raw bytes is stored, with the bytes, in one commit; only then does the caller
 * acknowledge (I1). The wake-up that follows is a convenience: the sweeper finds whatever it misses.
 */
import type { CarrierWord } from "../adapter/carrier-words.ts";
import type { Inbound, RawInbound, StoredInbound } from "../adapter/inbound.ts";
import { DEFAULT_LIMITS, type Pace } from "../domain/limits.ts";
import type { Membership } from "../domain/reach.ts";
import type { Lanes } from "../jobs/lanes.ts";
import { batch } from "../lib/batch.ts";
import type { Meter } from "../lib/meter.ts";
import { connectionLost, type Db } from "../store/db.ts";
import type { InboundItem, InboundRow } from "../store/inbound-rows.ts";
import { movePlace } from "../store/move-place.ts";
import { storeReceipt } from "../store/receipts.ts";
import { retryUntilStored } from "../store/retry-until-stored.ts";
import { type StoredItem, storeInbound } from "../store/store-inbound.ts";
import { isStorable } from "../store/text.ts";

/** Stores what came of one raw inbound; answers, per item, what became of it. Throws when the database can't be reached. */
export type Receive = (channel: string, raw: RawInbound, items: readonly Inbound[]) => Promise<StoredInbound[]>;

interface ReceiveOptions {
  db: Db;
  lanes: Lanes;
  meter: Meter;
  /** Who works at the desk. */
  membership: Membership;
  /** Messages of one address that are not too many yet. */
  most?: () => Pace;
}

/** Rows in one statement at most (performance: natural micro-batch). */
const ROWS_AT_ONCE = 256;
/** Well within Twilio's 15 s to answer (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides); a platform with less patience sends again, which is one message still. */
const WAIT_OUT_MS = 6_000;
/** Requests that may wait for the database at once; beyond that they are refused before memory runs out. */
const MAX_WAITING = 5_000;

export function createReceive({
  db,
  lanes,
  meter,
  membership,
  most = () => DEFAULT_LIMITS.sender,
}: ReceiveOptions): Receive {
  // One statement at a time: messages are stored, and so handled, in the order in which they came.
  // A platform that does not try again (Twilio, unless told to) has a moment's outage waited out for it.
  const store = batch(
    (rows: readonly InboundRow[]) => retryUntilStored(() => storeInbound(db, rows, { most: most() }), patience(rows)),
    {
      max: ROWS_AT_ONCE,
      maxWaiting: MAX_WAITING,
      divisible: (error) => !connectionLost(error),
    },
  );

  async function receipt(channel: string, item: Extract<Inbound, { kind: "receipt" }>): Promise<StoredInbound> {
    const { message, status, code, optedOut = false } = item;
    const stored = { channel, remoteId: message, status, code: code ?? null, optedOut };
    const failed = await retryUntilStored(() => storeReceipt(db, stored), { forMs: WAIT_OUT_MS });
    if (failed !== null) lanes.wake("turn", String(failed));
    return { outcome: "receipt" };
  }

  async function moved(channel: string, { from, to }: Extract<Inbound, { kind: "moved" }>): Promise<StoredInbound> {
    await retryUntilStored(() => movePlace(db, channel, { from, to }), { forMs: WAIT_OUT_MS });
    meter.countInbound(channel, "moved");
    return { outcome: "stored" };
  }

  return async (channel, raw, given) => {
    const started = performance.now();
    const items = given.map(identified);
    const receipts = items.filter((item) => item.kind === "receipt");
    const moves = items.filter((item) => item.kind === "moved");
    const others = items.filter((item) => item.kind !== "receipt" && item.kind !== "moved");
    const row = { channel, ...raw, membership, items: others.map(itemOf) };
    const [stored, received] = await Promise.all([
      others.length === 0 ? [] : store(row),
      Promise.all([...receipts.map((item) => receipt(channel, item)), ...moves.map((item) => moved(channel, item))]),
    ]);
    for (const conversation of new Set(stored.map((item) => item.conversation))) {
      if (conversation !== null) lanes.wake("turn", String(conversation));
    }
    for (const [at, item] of others.entries()) count(meter, channel, { item, stored: stored[at] });
    meter.observeStage("inbound", { ms: performance.now() - started });
    return [...stored.map(outcomeOf), ...received];
  };
}

/**
 * The item, or what is kept of one whose ids can't be stored as they are: without what is wrong in them they would be the ids
 * of something else.
 */
function identified(item: Inbound): Inbound {
  if (idsOf(item).every(isStorable)) return item;
  return { kind: "ignored", dedupeKeys: [], externalId: "", reason: "unstorable_id" };
}

function idsOf(item: Inbound): readonly string[] {
  switch (item.kind) {
    case "message":
      return [...item.dedupeKeys, item.externalId, item.thread, item.from, item.place ?? ""];
    case "opt_out":
    case "opt_in":
    case "help":
      return [...item.dedupeKeys, item.externalId, item.thread, item.from];
    case "choice":
      return [...item.dedupeKeys, item.externalId, item.thread, item.from, item.promptId, item.optionId];
    case "action":
      return [...item.dedupeKeys, item.from];
    case "edit":
    case "delete":
      return [...item.dedupeKeys, item.thread, item.from, item.target];
    case "receipt":
      return [...item.dedupeKeys, item.message];
    case "moved":
      return [item.from, item.to];
    case "ignored":
      return item.dedupeKeys;
  }
}

/** Counted from when the oldest of them came: whoever queued behind a failing batch has waited already. */
function patience(rows: readonly InboundRow[]): { forMs: number } {
  const oldest = Math.min(...rows.map(({ receivedAt }) => receivedAt.getTime()));
  return { forMs: Math.max(0, WAIT_OUT_MS - (Date.now() - oldest)) };
}

function count(meter: Meter, channel: string, o: { item: Inbound; stored: StoredItem | undefined }): void {
  const { item, stored } = o;
  if (stored?.outcome === "duplicate") meter.countInbound(channel, "duplicate");
  else if (stored?.outcome === "stored" && item.kind !== "ignored") meter.countInbound(channel, item.kind);
  else meter.countIgnored(channel, stored?.reason ?? "unknown");
}

function outcomeOf(stored: StoredItem): StoredInbound {
  return stored.conversation === null
    ? { outcome: stored.outcome }
    : { outcome: stored.outcome, conversation: stored.conversation };
}

/** What is stored of an item; `said` is what a turn reads back (turn/journal.ts). */
function itemOf(item: Exclude<Inbound, { kind: "receipt" | "moved" }>): InboundItem {
  const keys = item.dedupeKeys;
  switch (item.kind) {
    case "ignored":
      return { kind: "ignored", keys, reason: item.reason };
    case "action": {
      const operator = { id: item.from, name: item.displayName ?? item.from };
      const said = { operator, command: item.command };
      return { kind: "action", keys, conversation: item.conversation, sender: item.from, said };
    }
    case "message": {
      const mentions = item.mentions === true ? { mentions: true } : {};
      return spoken(item, { text: item.text, attachments: item.attachments, ref: item.externalId, ...mentions });
    }
    case "opt_out":
    case "opt_in":
    case "help":
      return spoken(item, { text: item.text, attachments: item.attachments, ours: item.ours });
    case "choice":
      return spoken(item, { text: item.text, promptId: item.promptId, optionId: item.optionId });
    case "edit":
    case "delete": {
      const text = item.kind === "edit" ? item.text : "";
      const mentions = item.kind === "edit" && item.mentions === true ? { mentions: true } : {};
      const said = { text, ref: item.target, amends: item.kind, ...mentions, from: sender(item) };
      return { kind: item.kind, keys, thread: item.thread, sender: item.from, target: item.target, said };
    }
  }
}

const sender = (item: Extract<Inbound, { trust: unknown }>) => ({
  address: item.from,
  displayName: item.displayName ?? "",
  trust: item.trust,
});

type SpokenKind = "message" | "choice" | CarrierWord;

function spoken(item: Extract<Inbound, { kind: SpokenKind }>, words: Readonly<Record<string, unknown>>): InboundItem {
  return {
    kind: item.kind,
    keys: item.dedupeKeys,
    thread: item.thread,
    sender: item.from,
    externalId: item.externalId,
    name: item.displayName ?? "",
    profile: item.profile ?? {},
    text: item.text,
    attachments: item.kind === "choice" ? [] : item.attachments,
    // A button is ours, wherever it stands.
    site: item.kind === "message" ? (item.place ?? null) : null,
    joinsOnly: item.kind === "message" && item.joinsOnly === true,
    said: { ...words, from: sender(item) },
  };
}
