import { afterAll, beforeAll, expect, test } from "vitest";
import { createLogger } from "../../src/lib/logger.ts";
import { type Db, openDb } from "../../src/store/db.ts";
import { emptyDatabase, type FreshDatabase, freshDatabase } from "../support/services.ts";
import { run } from "./captured.ts";

let database: FreshDatabase;
let db: Db;
let env: Record<string, string> = {};
beforeAll(async () => {
  database = await freshDatabase();
  db = openDb({ url: database.url, log: createLogger({ level: "silent" }) });
  env = { DATABASE_URL: database.url };
  await db.pool.query("insert into contact (id, name) values (1, 'Dana Meyer')");
  await db.pool.query(`insert into conversation (id, channel, thread, contact, state, last_inbound_at) values
    (1, 'sms', 'a', 1, '{"seq":1,"state":{"v":2,"runs":[{}]}}', '2026-01-02T10:00:00Z'),
    (2, 'chat', 'b', 2, '{"seq":1,"state":{"v":2,"runs":[]}}', '2026-01-02T11:00:00Z')`);
  await db.pool.query(`insert into "case" (conversation, queue, status, holder, holder_name, card, opened_at, updated_at)
    values (2, 'billing', 'with us', 'U1', 'Alex', '{}', now(), '2026-01-03T10:00:00Z')`);
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

// U4
test("waiting lists the open conversations, oldest first, with who answers next and since when", async () => {
  const { code, out } = await run(["waiting"], { env });
  expect(code).toBe(0);
  expect(out.split("\n")).toEqual([
    "#1  2026-01-02 10:00 UTC  sms  Dana Meyer  nobody",
    "#2  2026-01-03 10:00 UTC  chat  (no name)  people: billing, Alex",
    "Waiting for: people 1, bot 0, platform 0, customer 0, nobody 1 (of the 1000 oldest open conversations).",
    "",
  ]);
});

test("with --json it prints the same for programs, and --limit bounds the list", async () => {
  const { out } = await run(["waiting", "--json", "--limit", "1"], { env });
  const { conversations, counts } = JSON.parse(out) as { conversations: object[]; counts: object };
  expect(conversations).toMatchObject([{ conversation: 1, channel: "sms", next: { kind: "nobody" } }]);
  expect(counts).toEqual({ people: 1, bot: 0, platform: 0, customer: 0, nobody: 1 });
});

test("a limit that is no number is refused", async () => {
  const { code, err } = await run(["waiting", "--limit", "many"], { env });
  expect([code, err]).toEqual([2, expect.stringContaining("--limit is a number from 1 to 1000")]);
});

test.each([
  ["has no tables yet", "drop table if exists conversation"],
  ["has the tables of another version", "create table conversation (id bigint)"],
])("says what to do on a database that %s", async (state, statement) => {
  await using empty = await emptyDatabase();
  const older = openDb({ url: empty.url, log: createLogger({ level: "silent" }) });
  await older.pool.query(statement);
  await older.close();
  const { code, err } = await run(["waiting"], { env: { DATABASE_URL: empty.url } });
  expect([code, err]).toEqual([1, expect.stringContaining(state)]);
  expect(err).toContain("run frontdesk migrate");
});
