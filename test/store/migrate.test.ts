import { readdirSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate as migrateWith } from "drizzle-orm/node-postgres/migrator";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { adapters, desks, signPlayground } from "../../channels/index.ts";
import { readConfig } from "../../src/config.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { startFrontdesk } from "../../src/start.ts";
import { migrate, SCHEMA_BREAKING } from "../../src/store/migrate.ts";
import { emptyDatabase } from "../support/services.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
let database: Awaited<ReturnType<typeof emptyDatabase>>;
let client: Client;

beforeEach(async () => {
  database = await emptyDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  return async () => {
    await client.end();
    await database.drop();
  };
});

const count = async (sql: string): Promise<number> => Number((await client.query<{ n: string }>(sql)).rows[0]?.n);

describe("migrating", () => {
  it("is done by one of several processes that start at once, while the others wait", async () => {
    const results = await Promise.all([1, 2, 3, 4].map(() => migrate(database.url)));
    const all = await count("select count(*) as n from drizzle.__drizzle_migrations");
    expect(results.map(({ applied }) => applied).toSorted((one, other) => one - other)).toEqual([0, 0, 0, all]);
    expect(await count("select count(*) as n from schema_version")).toBe(1);
  });

  it("refuses a database of a newer Frontdesk with a breaking schema, and says what to do", async () => {
    await migrate(database.url);
    await client.query("update schema_version set breaking = $1", [SCHEMA_BREAKING + 1]);
    await expect(migrate(database.url)).rejects.toThrow(/migrated by a newer Frontdesk .* Start the newer version/);
  });

  it("accepts a database with newer migrations that older code supports", async () => {
    await migrate(database.url);
    await client.query("insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 99999999999999)");
    await expect(migrate(database.url)).resolves.toEqual({ applied: 0 });
  });
});

/** Migrates up to the last migration of that build, as its program did. */
async function migrateAsBefore(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-migrations-"));
  await cp(join(ROOT, "migrations"), folder, { recursive: true });
  const file = join(folder, "meta/_journal.json");
  const journal = JSON.parse(await readFile(file, "utf8")) as { entries: { tag: string }[] };
  const last = journal.entries.findIndex(({ tag }) => tag === "0006_bound_floods");
  await writeFile(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, last + 1) }));
  await migrateWith(drizzle(client), { migrationsFolder: folder });
  await rm(folder, { recursive: true });
}
/** Migrations that came after that build. */
const LATER = readdirSync(join(ROOT, "migrations")).filter((name) => /^\d{4}_/.test(name) && name > "0007").length;
const insertInto = (column: string) =>
  `insert into outbox (conversation, event, n, channel, thread, kind, epoch, ${column})
   values (1, 1, $1, 'sms', 't', 'reply', 0, '{"text":"hi"}')`;

describe("a database of the build before", () => {
  it("migrates forward while messages come in, and keeps every row", async () => {
    await migrateAsBefore();
    expect(await count("select breaking as n from schema_version")).toBe(2);
    await client.query(insertInto("part"), [0]);
    const stopped = new AbortController();
    const traffic = (async () => {
      let written = 0;
      for (; !stopped.signal.aborted || written < 20; written++) {
        await client.query("insert into event (conversation, kind, payload) values (1, 'message', '{}')");
      }
      return written;
    })();
    await expect(migrate(database.url)).resolves.toEqual({ applied: LATER });
    stopped.abort();
    const written = await traffic;
    expect(await count("select count(*) as n from event")).toBe(written);
    expect((await client.query("select content from outbox")).rows).toEqual([{ content: { text: "hi" } }]);
    expect(await count("select breaking as n from schema_version")).toBe(SCHEMA_BREAKING);
  });

  it("can't be written by that build afterwards, under the old names", async () => {
    await migrateAsBefore();
    await migrate(database.url);
    await expect(client.query(insertInto("part"), [1])).rejects.toThrow(
      'column "part" of relation "outbox" does not exist',
    );
    await client.query(insertInto("content"), [1]);
  });
});

describe("two whole programs on one empty database", () => {
  const running: { close(): Promise<void> }[] = [];
  afterAll(async () => {
    for (const one of running) await one.close();
  });
  beforeAll(() => running.splice(0));

  it("both start at once, also with lanes in that database, serve the same release, and recount the files", async () => {
    await migrate(database.url);
    await client.query("update file_store set files = 7, bytes = 700");
    const env = {
      DATABASE_URL: database.url,
      FRONTDESK_HOME: ROOT,
      PORT: "0",
      ACME_CRM_URL: "http://127.0.0.1:9",
      ACME_CRM_TOKEN: "none",
    };
    const config = readConfig(env);
    if (!config.ok) throw new Error(JSON.stringify(config.fault));
    const log = createLogger({ level: "silent" });
    const options = { config: config.value, adapters, desks, signPlayground, log, env };
    const both = await Promise.all([startFrontdesk(options), startFrontdesk(options)]);
    running.push(...both);
    const ready = await Promise.all(both.map(async ({ url }) => (await fetch(`${url}/health/ready`)).status));
    expect(ready).toEqual([200, 200]);
    expect(await count("select count(*) as n from release")).toBe(1);
    expect(await count("select bytes as n from file_store")).toBe(0);
    await Promise.all(running.splice(0).map((one) => one.close()));
  });
});
