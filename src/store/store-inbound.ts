/**
 * Stores what came in: raw form, dedupe keys, contact, conversation, message and event in one statement, which is one
 * round trip and one commit for a whole batch (I1). It is composed of fragments, one file of `inbound/` for each decision
 * that it takes, in the order in which an item meets them:
 *
 * | fragment | decides |
 * |---|---|
 * | item.ts | nothing: it reads the rows that inbound hands over |
 * | addressed.ts | is it for us? |
 * | dedupe.ts | has it come before? |
 * | author.ts | customer or operator? |
 * | contact.ts | whose message is it? |
 * | conversation.ts | which conversation? |
 * | sender-pace.ts | which message is the first too many? |
 * | amendment.ts | which message does an edit or a delete mean? |
 * | event.ts | nothing: it writes messages and events |
 * | opt-outs.ts | may we write to this thread? |
 * | outcome.ts | what became of each item? |
 *
 * Each fragment is a list of named queries (`with`) that reads those before it. Every query sees the tables as they were
 * before the statement, and what another one returns: that is why rows made here are taken from there.
 */
import { DEFAULT_LIMITS, type Pace } from "../domain/limits.ts";
import type { Db, Statement } from "./db.ts";
import { ADDRESSED } from "./inbound/addressed.ts";
import { AMENDMENT } from "./inbound/amendment.ts";
import { AUTHOR } from "./inbound/author.ts";
import { CONTACT } from "./inbound/contact.ts";
import { CONVERSATION, ROUTED } from "./inbound/conversation.ts";
import { DEDUPE } from "./inbound/dedupe.ts";
import { EVENT, MESSAGE, UNSENT } from "./inbound/event.ts";
import { type InboundItem, type InboundRow, ITEMS, LONG_IDS } from "./inbound/item.ts";
import { CARRIER_WORDS, KNOWN_OPT_OUTS } from "./inbound/opt-outs.ts";
import { ANSWER, OUTCOME } from "./inbound/outcome.ts";
import { SENDER_LIMIT, SENDER_PACE } from "./inbound/sender-pace.ts";
import { storableJson } from "./text.ts";

const QUERIES = [
  ITEMS,
  LONG_IDS,
  SENDER_LIMIT,
  ADDRESSED,
  DEDUPE,
  AUTHOR,
  CONTACT,
  CONVERSATION,
  SENDER_PACE,
  ROUTED,
  AMENDMENT,
  MESSAGE,
  KNOWN_OPT_OUTS,
  UNSENT,
  EVENT,
  CARRIER_WORDS,
  OUTCOME,
];

const STORE: Statement = { name: "store_inbound", text: `with ${QUERIES.join(", ")}${ANSWER}` };

export interface StoredItem {
  outcome: "stored" | "duplicate" | "ignored";
  conversation: number | null;
  /** Reason for ignoring it; null: it was stored. */
  reason: string | null;
  /** Its event; null: it made none, or it changed a message. */
  event: number | null;
  /** Neither the item nor the contact says who wrote it. */
  unnamed: boolean;
}

/**
 * Stores a batch; answers, per row, what became of each of its items. `senderLimit`: messages of one address, after which
 * its next one is the first too many. Throws what the database throws.
 */
export async function storeInbound(
  db: Db,
  rows: readonly InboundRow[],
  { senderLimit = DEFAULT_LIMITS.sender }: { senderLimit?: Pace } = {},
): Promise<StoredItem[][]> {
  const { raws, items, repeats } = numbered(rows);
  const answered = await db.run<StoredItem & { n: number }>(STORE, [
    storableJson(raws),
    storableJson(items),
    JSON.stringify(senderLimit),
    storableJson(rows.flatMap(({ longIds = [] }) => longIds)),
  ]);
  const byN = new Map(answered.map(({ n, ...stored }) => [n, stored]));
  let n = 0;
  return rows.map((row) => row.items.map(() => byN.get(n++) ?? duplicateOf(repeats.get(n - 1), byN)));
}

/**
 * The batch as parameters of the statement, its items numbered from 0. `repeats`: items that share a dedupe key with an
 * earlier one of the batch, by number, with the number of that one. They are not handed to the database, in which no key
 * may be written twice by one statement.
 */
function numbered(rows: readonly InboundRow[]) {
  const items: (InboundItem & { n: number; r: number })[] = [];
  const firstWith = new Map<string, number>();
  const repeats = new Map<number, number>();
  let n = 0;
  for (const [r, row] of rows.entries()) {
    for (const item of row.items) {
      const keys = item.dedupeKeys.map((key) => `${row.channel}\n${key}`);
      const first = keys.map((key) => firstWith.get(key)).find((seen) => seen !== undefined);
      if (first === undefined) {
        for (const key of keys) firstWith.set(key, n);
        items.push({ ...item, n, r });
      } else {
        repeats.set(n, first);
        const at = items.findIndex((one) => one.n === first);
        if (!isJoining(item)) items.splice(at, 1, ...items.slice(at, at + 1).map(addressed));
      }
      n++;
    }
  }
  return { raws: rows.map((row, r) => rawOf(row, r)), items, repeats };
}

const isJoining = (item: InboundItem): boolean => item.kind === "message" && item.joinsOnly === true;

/** Slack sends a mention twice, once as a message like any other: either is for us if one of them is. */
function addressed<Item extends InboundItem>(item: Item): Item {
  const { joinsOnly: _joins, ...rest } = item as Item & { joinsOnly?: true };
  return rest as Item;
}

function rawOf({ channel, contentType, body, receivedAt, membership }: InboundRow, r: number) {
  const base64 = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("base64");
  return { r, channel, contentType, body: base64, receivedAt, membership };
}

function duplicateOf(first: number | undefined, byN: ReadonlyMap<number, StoredItem>): StoredItem {
  const original = first === undefined ? undefined : byN.get(first);
  return {
    outcome: "duplicate",
    conversation: original?.conversation ?? null,
    reason: null,
    event: null,
    unnamed: false,
  };
}
