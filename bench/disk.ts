/** Bytes on disk of an exchanged message: a customer's text and its answer, with all that is kept about them. */
import { Client } from "pg";
import type { Measured, Sizes } from "./measurement.ts";
import { CONNECTIONS } from "./rate.ts";
import { openStage } from "./stage.ts";
import { openLine, startPlatform } from "./subjects.ts";

/** Messages of a thread. */
const PER_THREAD = 10;

/** Bytes of a table with its indexes and long values. */
interface Size {
  name: string;
  bytes: number;
}

export async function measureDisk({ exchanged }: Sizes): Promise<Measured> {
  await using stage = await openStage();
  await using platform = await startPlatform();
  const databaseUrl = await stage.database("disk");
  await using line = await openLine({ stage, databaseUrl, platform, redisDatabase: 1 });
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const before = new Map((await sizes(client)).map(({ name, bytes }) => [name, bytes]));
    const threads = Math.ceil(exchanged / PER_THREAD);
    const posting = { messages: exchanged, threads, connections: CONNECTIONS, perSecond: null };
    await platform.post({ target: line.url, ...posting });
    await settled(client);
    const grown = (await sizes(client)).map(({ name, bytes }) => ({
      name,
      perMessage: (bytes - (before.get(name) ?? 0)) / exchanged,
    }));
    const tables = grown.filter(({ perMessage }) => perMessage > 0);
    return { figures: { exchanged, threads, tables }, lines: linesOf({ exchanged, threads, tables }), goals: [] };
  } finally {
    await client.end();
  }
}

/** Waits until nothing waits any more, so that every message has all of its rows. */
async function settled(client: Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query(
      "select exists (select from outbox where outcome is null) or exists (select from event where seq is null) as busy",
    );
    if (rows[0]?.busy !== true) return;
  }
}

/** Sizes after a full vacuum, so that dead rows do not count. */
async function sizes(client: Client): Promise<Size[]> {
  await client.query("vacuum full");
  const { rows } = await client.query<Size>(
    `select relname as name, pg_total_relation_size(oid)::int8::float8 as bytes from pg_class
     where relkind = 'r' and relnamespace = 'public'::regnamespace order by bytes desc`,
  );
  return rows;
}

interface Disk {
  exchanged: number;
  threads: number;
  tables: readonly { name: string; perMessage: number }[];
}

function linesOf({ exchanged, threads, tables }: Disk): string[] {
  const all = tables.reduce((sum, { perMessage }) => sum + perMessage, 0);
  return [
    `${exchanged} texts of customers, each answered, over ${threads} threads; bytes on disk of a text with its answer`,
    ...tables.map(({ name, perMessage }) => row(name, perMessage)),
    row("all", all),
  ];
}

const row = (name: string, bytes: number): string => `${name.padEnd(16)}${bytes.toFixed(0).padStart(8)}`;
