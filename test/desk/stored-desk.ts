/** A desk store over a database of its own, and rows as turns leave them. */

import type { DeskStore } from "../../src/desk/desk-store.ts";
import type { DeskStoreOptions } from "../../src/desk/desk-store-options.ts";
import { openDeskStore } from "../../src/desk/open-desk-store.ts";
import type { CaseCard } from "../../src/domain/case.ts";
import { address, threadId } from "../../src/domain/ids.ts";
import type { Queue } from "../../src/domain/queue.ts";
import { createReceive } from "../../src/inbound/receive.ts";
import type { Lanes } from "../../src/jobs/lanes.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { createMetrics } from "../../src/metrics/prometheus.ts";
import { type Db, openDb } from "../../src/store/db.ts";
import { freshDatabase } from "../support/services.ts";

/** The desk's channel. */
export const DESK = "office";

export interface StoredDesk extends AsyncDisposable {
  db: Db;
  store: DeskStore;
  /** The same store in another process. */
  another(): DeskStore;
  /** Wake-ups so far, as "<lane> <key>". */
  wakes: string[];
  /** Inserts a case as a turn leaves it; returns its conversation. */
  case(o?: Partial<CaseCard> & { thread?: string; desk?: string; on?: string; contact?: Contact }): Promise<number>;
  rows<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

interface Contact {
  name?: string;
  phone?: string;
  email?: string;
}

const queue = (id: string): Queue => ({
  id,
  title: id,
  members: "channel",
  hours: null,
  deskPlace: null,
  closedSay: null,
});

/** Opens the desk; its `reach` knows telephone numbers on the channel "sms". */
export async function openStoredDesk(): Promise<StoredDesk> {
  const database = await freshDatabase();
  const db = openDb({ url: database.url, log: createLogger({ level: "silent" }) });
  const wakes: string[] = [];
  const lanes = { wake: (lane: string, key: string) => void wakes.push(`${lane} ${key}`) } as unknown as Lanes;
  const options: DeskStoreOptions = {
    db,
    lanes,
    receive: createReceive({ membership: "listed", db, lanes, meter: createMetrics().meter }),
    channel: DESK,
    membership: "listed",
    queues: () => [queue("support"), queue("billing")],
    defaultQueue: () => "support",
    manual: () => [{ id: "refund", title: "Refund" }],
    reach: (channel, to) => {
      const digits = to.replace(/[^\d+]/g, "");
      if (channel !== "sms" || !digits.startsWith("+")) return null;
      return { thread: threadId(`us:${digits}`), address: address(digits) };
    },
    reachable: () => ["sms"],
    clock: systemClock,
  };
  const rows = async (text: string, values: readonly unknown[] = []) => (await db.pool.query(text, [...values])).rows;
  return {
    db,
    store: openDeskStore(options),
    another: () => openDeskStore(options),
    wakes,
    rows,
    case: (o = {}) => insertCase(db, o),
    async [Symbol.asyncDispose]() {
      await db.close();
      await database.drop();
    },
  };
}

let serial = 0;

async function insertCase(db: Db, o: Parameters<StoredDesk["case"]>[0] & object): Promise<number> {
  const { thread = null, desk = DESK, on = `t${++serial}`, contact = {}, ...given } = o;
  const { name = "Dana", phone = "", email = "" } = contact;
  const channel = given.channel ?? "sms";
  const { rows } = await db.pool.query<{ id: number }>(
    `with who as (insert into contact (name, phone, email) values ($1, $2, $3) returning id)
     insert into conversation (channel, thread, contact) select $4, $5, id from who returning id`,
    [name, phone, email, channel, on],
  );
  const conversation = rows[0]?.id ?? 0;
  const card: CaseCard = {
    queue: "support",
    status: given.holder == null ? "new" : "with us",
    priority: "normal",
    customer: name,
    reason: "They asked for a person",
    summary: null,
    facts: [],
    tags: [],
    holder: null,
    mergedInto: null,
    waitingSince: null,
    openedAt: "2026-11-20T08:00:00.000Z",
    ...given,
    channel,
    conversation,
  };
  await db.pool.query(
    `insert into "case" (conversation, queue, status, holder, holder_name, card, desk_channel, thread, opened_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now())`,
    [
      conversation,
      card.queue,
      card.status,
      card.holder?.id ?? null,
      card.holder?.name ?? null,
      card,
      thread === null ? null : desk,
      thread,
      card.openedAt,
    ],
  );
  if (card.holder !== null) {
    await db.pool.query("insert into assignment (conversation, operator, queue, from_at) values ($1, $2, $3, now())", [
      conversation,
      card.holder.id,
      card.queue,
    ]);
  }
  return conversation;
}
