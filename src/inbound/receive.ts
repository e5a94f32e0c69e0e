/**
 * Stores everything that comes in: the raw bytes and the items that an adapter read from them, in one commit, after which
 * the caller may acknowledge them (I1). Requests that come while a commit is under way share the next one. Then the
 * conversations are woken; the sweep finds those whose wake-up was lost.
 */
import type { Inbound, RawInbound, StoredInbound } from "../adapter/inbound.ts";
import { DEFAULT_LIMITS, type Pace } from "../domain/limits.ts";
import type { Membership } from "../domain/reach.ts";
import type { Lanes } from "../jobs/lanes.ts";
import { batch } from "../lib/batch.ts";
import type { Meter } from "../lib/meter.ts";
import { connectionLost, type Db, isRefusedForGood } from "../store/db.ts";
import type { InboundItem, InboundRow } from "../store/inbound/item.ts";
import { movePlace } from "../store/move-place.ts";
import { storeReceipt } from "../store/receipts.ts";
import { retryUntilStored } from "../store/retry-until-stored.ts";
import { type StoredItem, storeInbound } from "../store/store-inbound.ts";
import { idsToKeep, withStorableIds } from "./item-ids.ts";
import type { Names } from "./names.ts";
import { inPlatformOrder } from "./platform-order.ts";

/**
 * Stores the items of one raw inbound, and says of each what became of it: first of those that are stored, in their order,
 * then of receipts and moves. Throws when the database can't be reached.
 */
export type Receive = (channel: string, raw: RawInbound, items: readonly Inbound[]) => Promise<StoredInbound[]>;

interface ReceiveOptions {
  db: Db;
  lanes: Lanes;
  meter: Meter;
  /** Of the desk. */
  membership: Membership;
  /** Looks senders up after what they wrote is stored. */
  names?: Pick<Names, "withKnown" | "learn">;
  /** Messages of one address, after which its next one is the first too many. */
  senderLimit?: () => Pace;
}

/** Raw inbounds in one statement at most; more would make those in front wait for those behind. */
const ROWS_AT_ONCE = 256;
/**
 * An outage of the database may last this long before a request fails. Twilio waits 15 s for an answer
 * (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides), and does not send again unless told to; a
 * platform that waits less sends again, and its message is still stored once.
 */
const WAIT_OUT_MS = 6_000;
/** Requests that may wait for the database at once; more are refused, so that memory does not run out. */
const MAX_WAITING = 5_000;
/** Longer than any media type. */
const CONTENT_TYPE_CHARACTERS = 200;

export function createReceive({
  db,
  lanes,
  meter,
  membership,
  names,
  senderLimit = () => DEFAULT_LIMITS.sender,
}: ReceiveOptions): Receive {
  // One statement at a time, so that messages are stored, and handled, in the order in which they came.
  const store = batch(
    async (given: readonly InboundRow[]) => {
      const order = inPlatformOrder(given);
      const rows = order.flatMap((at) => given[at] ?? []);
      const stored = await retryUntilStored(() => storeOrSetAside(rows), timeLeft(rows));
      const byRow = new Map(order.map((at, n) => [at, stored[n] ?? []]));
      return given.map((_, at) => byRow.get(at) ?? []);
    },
    {
      max: ROWS_AT_ONCE,
      maxWaiting: MAX_WAITING,
      divisible: (error) => !connectionLost(error),
    },
  );

  /** Stores rows; of a single one that PostgreSQL refuses for good, the bytes are kept as ignored (I10). */
  async function storeOrSetAside(rows: readonly InboundRow[]): Promise<StoredItem[][]> {
    try {
      return await storeInbound(db, rows, { senderLimit: senderLimit() });
    } catch (error) {
      const [row, ...more] = rows;
      if (row === undefined || more.length > 0 || !isUnstorable(error)) throw error;
      const [[ignored] = []] = await storeInbound(db, [setAside(row)]);
      return [row.items.flatMap(() => ignored ?? [])];
    }
  }

  async function takeReceipt(channel: string, item: Extract<Inbound, { kind: "receipt" }>): Promise<StoredInbound> {
    const { message, key, status, code, optedOut = false } = item;
    const stored = { channel, remoteId: message, key, status, code: code ?? null, optedOut };
    const failed = await retryUntilStored(() => storeReceipt(db, stored), { forMs: WAIT_OUT_MS });
    if (failed !== null) lanes.wake("turn", String(failed));
    return { outcome: "receipt" };
  }

  async function takeMove(channel: string, { from, to }: Extract<Inbound, { kind: "moved" }>): Promise<StoredInbound> {
    await retryUntilStored(() => movePlace(db, channel, { from, to }), { forMs: WAIT_OUT_MS });
    meter.countInbound(channel, "moved");
    return { outcome: "stored" };
  }

  /** Wakes each conversation once, where all that was written there has no author's name, after the lookup. */
  function wakeTurns(channel: string, items: readonly Inbound[], stored: readonly StoredItem[]): void {
    const named = new Map<number, Promise<unknown> | null>();
    for (const [at, one] of stored.entries()) {
      const item = items[at];
      if (one.conversation === null || item === undefined) continue;
      const ready = names?.learn(channel, item, one) ?? null;
      named.set(one.conversation, named.get(one.conversation) === null ? null : ready);
    }
    for (const [conversation, ready] of named) {
      const wake = (): void => lanes.wake("turn", String(conversation));
      if (ready === null) wake();
      else void ready.then(wake);
    }
  }

  return async (channel, raw, given) => {
    const started = performance.now();
    const items = given.map(withStorableIds);
    const longIds = given.flatMap(idsToKeep);
    const receipts = items.filter((item) => item.kind === "receipt");
    const moves = items.filter((item) => item.kind === "moved");
    const others = items
      .filter((item) => item.kind !== "receipt" && item.kind !== "moved")
      .map((item) => names?.withKnown(channel, item) ?? item);
    const row = { channel, ...raw, membership, items: others.map(withContent), longIds };
    const [stored, received] = await Promise.all([
      others.length === 0 ? [] : store(row),
      Promise.all([
        ...receipts.map((item) => takeReceipt(channel, item)),
        ...moves.map((item) => takeMove(channel, item)),
      ]),
    ]);
    wakeTurns(channel, others, stored);
    for (const [at, item] of others.entries()) countItem(meter, channel, { item, stored: stored[at] });
    meter.observeStage("inbound", { ms: performance.now() - started });
    return [...stored.map(outcomeOf), ...received];
  };
}

/** A body that is nested too deeply fails in our own code. */
const isUnstorable = (error: unknown): boolean => isRefusedForGood(error) || error instanceof RangeError;

/** Without dedupe keys, so that it can be read again (I4). */
const setAside = ({ contentType, receivedAt, ...row }: InboundRow): InboundRow => ({
  ...row,
  contentType: contentType.slice(0, CONTENT_TYPE_CHARACTERS),
  receivedAt: Number.isNaN(receivedAt.getTime()) ? new Date() : receivedAt,
  longIds: [],
  items: [{ kind: "ignored", dedupeKeys: [], reason: "unstorable" }],
});

/** Time to wait out an outage, counted from when the oldest of the rows came: it may have waited behind another batch. */
function timeLeft(rows: readonly InboundRow[]): { forMs: number } {
  const oldest = Math.min(...rows.map(({ receivedAt }) => receivedAt.getTime()));
  return { forMs: Math.max(0, WAIT_OUT_MS - (Date.now() - oldest)) };
}

function countItem(meter: Meter, channel: string, o: { item: Inbound; stored: StoredItem | undefined }): void {
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

/** The item as it is stored: its own fields, and `content`, which its event holds and a turn reads back (turn/journal.ts). */
function withContent(item: Exclude<Inbound, { kind: "receipt" | "moved" }>): InboundItem {
  return item.kind === "ignored" ? item : { ...item, content: contentOf(item) };
}

function contentOf(item: Extract<Inbound, { trust: unknown }>): Readonly<Record<string, unknown>> {
  const from = { address: item.from, displayName: item.displayName ?? "", trust: item.trust };
  const mentions = "mentions" in item ? { mentions: true } : {};
  // A message in a case's thread is an operator's and needs a name for later edits.
  const ref = item.externalId;
  switch (item.kind) {
    case "message":
      return { text: item.text, attachments: item.attachments, ref, ...mentions, from };
    case "opt_out":
    case "opt_in":
    case "help":
      return { text: item.text, attachments: item.attachments, ref, ours: item.ours, from };
    case "choice":
      return { text: item.text, ref, promptId: item.promptId, optionId: item.optionId, from };
    case "edit":
      return { text: item.text, ref: item.target, amends: item.kind, ...mentions, from };
    case "delete":
      return { text: "", ref: item.target, amends: item.kind, from };
    case "action":
      return { operator: { id: item.from, name: item.displayName ?? item.from }, command: item.command };
  }
}
