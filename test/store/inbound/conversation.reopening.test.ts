import { afterAll, beforeAll, expect, it } from "vitest";
import { createLogger } from "../../../src/lib/logger.ts";
import { type Db, openDb } from "../../../src/store/db.ts";
import { storeInbound } from "../../../src/store/store-inbound.ts";
import { endReopening } from "../../../src/store/sweep.ts";
import { type FreshDatabase, freshDatabase } from "../../support/services.ts";
import { rowOf, written } from "./rows.ts";

// I7: a message joins the open conversation of its thread, else the latest that closed lately, else a new one.

const WITHIN_SECONDS = 3_600;
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

/** A message of the thread is stored; answers with its conversation. */
async function writes(thread: string): Promise<number | null> {
  const [[stored] = []] = await storeInbound(db, [rowOf(written(thread))]);
  return stored?.conversation ?? null;
}

const closed = (id: number | null, o: { secondsAgo: number; lastWordSecondsAgo: number }) =>
  db.pool.query(
    "update conversation set closed_at = now() - $2 * interval '1 second', last_inbound_at = now() - $3 * interval '1 second' where id = $1",
    [id, o.secondsAgo, o.lastWordSecondsAgo],
  );

it("A conversation that closed lately is joined, one that closed long ago is not", async () => {
  const late = await writes("late");
  await closed(late, { secondsAgo: WITHIN_SECONDS - 60, lastWordSecondsAgo: WITHIN_SECONDS });
  const old = await writes("old");
  await closed(old, { secondsAgo: WITHIN_SECONDS + 60, lastWordSecondsAgo: WITHIN_SECONDS + 120 });
  await endReopening(db, WITHIN_SECONDS);
  expect(await writes("late")).toBe(late);
  expect(await writes("old")).not.toBe(old);
});

it("A message that joined at the last moment, and is not handled yet, keeps its conversation", async () => {
  const first = await writes("edge");
  await closed(first, { secondsAgo: WITHIN_SECONDS + 1, lastWordSecondsAgo: WITHIN_SECONDS + 60 });
  expect(await writes("edge")).toBe(first);
  await endReopening(db, WITHIN_SECONDS);
  expect(await writes("edge")).toBe(first);
});
