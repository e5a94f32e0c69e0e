import { afterAll, beforeAll, expect, it } from "vitest";
import { createLogger } from "../../src/lib/logger.ts";
import { type Db, openDb } from "../../src/store/db.ts";
import { loadTurns } from "../../src/store/load-turns.ts";
import { storeInbound } from "../../src/store/store-inbound.ts";
import { type FreshDatabase, freshDatabase } from "../support/services.ts";
import { rowOf, written } from "./inbound/rows.ts";

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

const row = (...threads: string[]) => rowOf(...threads.map((thread) => written(thread)));
const spoken = (thread: string, ...senders: string[]) => rowOf(...senders.map((from) => written(thread, { from })));

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

/** Makes an address and leaves it uncommitted; answers with how to commit it. */
async function newcomer(value: string): Promise<() => Promise<void>> {
  const client = await db.pool.connect();
  await client.query("begin");
  await client.query("insert into contact (id, name) values (nextval('contact_id_seq'), '')");
  await client.query("insert into address (channel, value, contact) values ('chat', $1, currval('contact_id_seq'))", [
    value,
  ]);
  return async () => {
    await client.query("commit");
    client.release();
  };
}

it("one process that finds a sender new and one that knows them already do not wait for one another", async () => {
  await storeInbound(db, [row("place")]);
  const s1 = await newcomer("s1");
  const s2 = await newcomer("s2");
  const finds = storeInbound(db, [spoken("place", "s1", "s2")]);
  await waits();
  await s1();
  await waits();
  let done = false;
  const knows = storeInbound(db, [spoken("place", "s1")]).finally(() => {
    done = true;
  });
  await waits(2, () => done);
  await s2();
  const stored = await Promise.all([finds, knows]);
  expect(stored.flat(2).map(({ outcome }) => outcome)).toEqual(["stored", "stored", "stored"]);
});

it("a sender whose count another transaction holds is stored with the count as it was", async () => {
  const paces = async () =>
    (
      await db.pool.query<{ hour: number }>(
        "select (payload->'pace'->>'hour')::int as hour from event e join conversation c on c.id = e.conversation where c.thread = 'paced' order by e.id",
      )
    ).rows.map(({ hour }) => hour);
  await storeInbound(db, [spoken("paced", "quick", "quick")]);
  const holder = await db.pool.connect();
  await holder.query("begin");
  await holder.query("select 1 from address where value = 'quick' for no key update");
  await storeInbound(db, [spoken("paced", "quick", "quick")]);
  await holder.query("commit");
  holder.release();
  await storeInbound(db, [spoken("paced", "quick")]);
  expect(await paces()).toEqual([1, 2, 3, 4, 3]);
});

/** Until so many statements wait for a lock, or there is nothing to wait for any more. */
async function waits(statements = 1, done = () => false): Promise<void> {
  const sql = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  while (!done() && ((await db.pool.query(sql)).rowCount ?? 0) < statements);
}
