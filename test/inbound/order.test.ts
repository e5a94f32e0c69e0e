import { afterAll, beforeAll, expect, it } from "vitest";
import { createLogger } from "../../src/lib/logger.ts";
import { type Db, openDb } from "../../src/store/db.ts";
import type { InboundRow } from "../../src/store/inbound-rows.ts";
import { loadTurns } from "../../src/store/load-turns.ts";
import { storeInbound } from "../../src/store/store-inbound.ts";
import { type FreshDatabase, freshDatabase } from "../support/services.ts";

let database: FreshDatabase;
let db: Db;

beforeAll(async () => {
  database = await freshDatabase();
  db = openDb({ url: database.url, log: createLogger({ level: "silent" }) });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

let serial = 0;
function row(...threads: string[]): InboundRow {
  const items = threads.map((thread) => {
    const externalId = `m${++serial}`;
    const said = { text: externalId, from: { address: thread, displayName: "", trust: "asserted" } };
    const words = { text: externalId, attachments: [], site: null, joinsOnly: false, said, name: "", profile: {} };
    return { kind: "message", keys: [externalId], thread, sender: thread, externalId, ...words } as const;
  });
  return {
    channel: "chat",
    contentType: "text/plain",
    body: Buffer.from("x"),
    receivedAt: new Date(),
    membership: "everyone",
    items,
  };
}

const conversationOf = async (thread: string) =>
  (await db.pool.query<{ id: number }>("select id from conversation where thread = $1", [thread])).rows[0]?.id ?? 0;

// T9: rows of one conversation become visible in the order of their ids, so a turn never handles a later one first.
it("a batch that is held up does not put its messages before those stored meanwhile", async () => {
  await storeInbound(db, [row("a", "b")]);
  const b = await conversationOf("b");
  const holder = await db.pool.connect();
  await holder.query("begin");
  await holder.query("select 1 from conversation where thread = 'a' for update");

  const heldUp = storeInbound(db, [row("a", "b")]);
  await waits();
  await storeInbound(db, [row("b")]);
  const seen = (await loadTurns(db, [b]))[0]?.pending.map(({ id }) => id) ?? [];
  await holder.query("commit");
  holder.release();
  await heldUp;

  const all = (await loadTurns(db, [b]))[0]?.pending.map(({ id }) => id) ?? [];
  expect(seen).toHaveLength(2);
  expect(all.slice(0, 2)).toEqual(seen);
});

/** Until some statement waits for a lock. */
async function waits(): Promise<void> {
  const sql = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  while ((await db.pool.query(sql)).rowCount === 0);
}
