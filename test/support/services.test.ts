import { readFile } from "node:fs/promises";
import { Client } from "pg";
import { afterAll, expect, test } from "vitest";
import { ownPostgres } from "./own-postgres.ts";
import { ownRedis } from "./own-redis.ts";
import { emptyDatabase, freshDatabase, postgresUrl, redisPrefix } from "./services.ts";
import { withoutRedisServer } from "./skips.ts";

const databases: { drop(): Promise<void> }[] = [];
afterAll(async () => {
  for (const database of databases) await database.drop();
});

async function query(connectionString: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

test("every fresh database is migrated, empty and private", async () => {
  const made = await Promise.all([freshDatabase(), freshDatabase(), freshDatabase()]);
  databases.push(...made);
  expect(new Set(made.map(({ url }) => url)).size).toBe(3);
  for (const { url } of made) {
    expect(await query(url, "select count(*)::int as applied from drizzle.__drizzle_migrations")).toEqual([
      { applied: await migrationCount() },
    ]);
    expect(await query(url, "select count(*)::int as n from conversation")).toEqual([{ n: 0 }]);
  }
});

test("a dropped database is gone soon, even with a client still connected", async () => {
  const database = await emptyDatabase();
  const client = new Client({ connectionString: database.url });
  client.on("error", () => {});
  await client.connect();
  await database.drop();
  const name = new URL(database.url).pathname.slice(1);
  const server = await postgresUrl();
  await expect
    .poll(() => query(server, `select 1 from pg_database where datname = '${name}'`), { timeout: 10_000 })
    .toEqual([]);
});

test("prefixes differ", () => {
  expect(redisPrefix()).not.toBe(redisPrefix());
});

test("a throw-away PostgreSQL keeps committed data across a kill", async () => {
  await using server = await ownPostgres();
  await query(server.url, "create table kept as select 1 as one");
  await server.kill();
  await expect(query(server.url, "select 1")).rejects.toThrow(/ECONNREFUSED/);
  await server.restart();
  expect(await query(server.url, "select * from kept")).toEqual([{ one: 1 }]);
});

test.skipIf(withoutRedisServer)("a Redis of one's own can be killed, brought back and wiped", async () => {
  await using server = await ownRedis();
  await server.command("SET a 1");
  await server.flush();
  expect(await server.command("DBSIZE")).toBe(":0\r\n");
  await server.kill();
  await expect(server.command("PING")).rejects.toThrow(/ECONNREFUSED/);
  await server.restart();
  expect(await server.command("PING")).toBe("+PONG\r\n");
});

async function migrationCount(): Promise<number> {
  const journal = JSON.parse(await readFile(new URL("../../migrations/meta/_journal.json", import.meta.url), "utf8"));
  return (journal as { entries: unknown[] }).entries.length;
}
