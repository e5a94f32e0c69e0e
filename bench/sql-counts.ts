/**
 * Counts the SQL of a message: round trips on the wire, and writing transactions.
 *
 * 1. A writing transaction gets an id and waits for the disk at its commit, so ids are the commits that may be flushed.
 *    Group commit makes fewer flushes, depending on the disk; ids do not depend on it and are counted immediately, unlike
 *    PostgreSQL's statistics.
 *    The sweeper's lease is renewed by a transaction of its own, whose executions are subtracted.
 * 2. Periodic statements that serve no message are left out by name. A statement that is not in the list
 *    counts, so a new one can't hide.
 * 3. Every posting runs on its own product, and is counted after that has closed: closing finishes work in progress, so
 *    no waiting by time is needed.
 */
import { Client } from "pg";
import { adapters, desks, signPlayground } from "../channels/index.ts";
import { readConfig } from "../src/config.ts";
import { createLogger } from "../src/lib/logger.ts";
import { startFrontdesk } from "../src/start.ts";
import { ownPostgres } from "../test/support/own-postgres.ts";
import { ownRedis } from "../test/support/own-redis.ts";
import { type PostgresTap, tapPostgres } from "../test/support/postgres-tap.ts";
import { HOME } from "./home.ts";
import { channelEnvironment, openPlatform, type Platform } from "./platform.ts";

/** Averages per message. */
export interface SqlCounts {
  roundTrips: number;
  commits: number;
  /** Round trips by statement, over all messages. */
  statements: Readonly<Record<string, number>>;
}

export interface SqlPosting {
  messages: number;
  threads: number;
  /** Concurrent connections; 1: each message alone, posted after the one before was delivered. */
  connections: number;
}

/** The sweeper's lease; each execution writes. */
const SWEEPER_LEASE = ["hold_sweep", "leave_sweep"];
/** Prepared statements of the sweep and its chores, which run as often however many messages come. */
const SWEEPER = [
  ...SWEEPER_LEASE,
  "sweep_events",
  "sweep_asks",
  "sweep_parts",
  "fire_alarms",
  "end_reopening",
  "open_conversations",
];
/** What was kept for long enough is removed in the same way. */
const RETENTION = /^(prune|remove)_/;
/** The settings in force are stored once, by the first turn that has them: that of the warm-up. */
const SETTINGS = "store_setting";
/** The check for a new release, and connection setup. */
const OTHER_BACKGROUND = [RETENTION, /^select 1$/, /^select .*"content_live"/, /^set /];

export interface SqlCounter extends AsyncDisposable {
  /** Starts the product for one posting. */
  count(posting: SqlPosting): Promise<SqlCounts>;
}

/** Starts its own servers: transaction ids are per server, not per database. */
export async function openSqlCounter(): Promise<SqlCounter> {
  const [postgres, redis, platform] = await Promise.all([ownPostgres(), ownRedis(), openPlatform()]);
  const admin = new Client({ connectionString: postgres.url });
  await admin.connect();
  // The only other writing statement.
  await admin.query("alter system set autovacuum = off");
  await admin.query("select pg_reload_conf()");
  const tap = await tapPostgres(postgres.url);
  const services = { databaseUrl: tap.url, redisUrl: redis.url, platform };
  const first = await startProduct(services);
  await postAll(platform, first.url, { messages: 1, threads: 1, connections: 1 });
  await first.close();
  return {
    async count(posting) {
      const product = await startProduct(services);
      const before = { trips: roundTrips(tap), leases: leases(tap), ids: await transactionIds(admin) };
      try {
        await postAll(platform, product.url, posting);
      } finally {
        await product.close();
      }
      const statements = difference(roundTrips(tap), before.trips);
      const trips = Object.values(statements).reduce((sum, count) => sum + count, 0);
      const { messages } = posting;
      const commits = (await transactionIds(admin)) - before.ids - (leases(tap) - before.leases);
      return { roundTrips: trips / messages, commits: commits / messages, statements };
    },
    async [Symbol.asyncDispose]() {
      await admin.end();
      await tap[Symbol.asyncDispose]();
      for (const each of [platform, redis, postgres]) await each[Symbol.asyncDispose]();
    },
  };
}

interface ProductOptions {
  databaseUrl: string;
  redisUrl: string;
  platform: Platform;
}

async function startProduct({ databaseUrl, redisUrl, platform }: ProductOptions) {
  const services = { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, FRONTDESK_HOME: HOME };
  const env = { ...services, ...channelEnvironment(platform), NODE_ENV: "production", HOST: "127.0.0.1", PORT: "0" };
  const config = readConfig(env);
  if (!config.ok) throw new Error(JSON.stringify(config.fault));
  const log = createLogger({ level: "error" });
  const product = await startFrontdesk({ config: config.value, adapters, desks, signPlayground, log, env });
  return { url: product.url ?? "", close: () => product.close() };
}

async function postAll(platform: Platform, target: string, posting: SqlPosting): Promise<void> {
  const { messages, threads, connections } = posting;
  if (connections > 1) return void (await platform.post({ target, messages, threads, connections, perSecond: null }));
  for (let n = 0; n < messages; n++) {
    await platform.post({ target, messages: 1, threads: 1, connections: 1, perSecond: null });
  }
}

function roundTrips(tap: PostgresTap): Map<string, number> {
  const foreground = [...tap.roundTrips()].filter(([statement]) => !isBackground(statement));
  return new Map(foreground);
}

const leases = (tap: PostgresTap): number =>
  SWEEPER_LEASE.reduce((sum, statement) => sum + (tap.roundTrips().get(statement) ?? 0), 0);

const isBackground = (statement: string): boolean =>
  SWEEPER.includes(statement) || statement === SETTINGS || OTHER_BACKGROUND.some((pattern) => pattern.test(statement));

function difference(after: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>): Record<string, number> {
  const grown = [...after].map(([statement, count]) => [statement, count - (before.get(statement) ?? 0)] as const);
  return Object.fromEntries(grown.filter(([, count]) => count > 0));
}

async function transactionIds(admin: Client): Promise<number> {
  const { rows } = await admin.query("select pg_snapshot_xmax(pg_current_snapshot())::text as next");
  return Number(rows[0]?.next);
}
