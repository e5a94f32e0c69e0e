import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { Pool, TypeOverrides } from "pg";
import type { Logger } from "../lib/logger.ts";
import { QuietClient } from "../lib/quiet-client.ts";
import * as schema from "./schema.ts";
import { storableParameter } from "./text.ts";

export { connectionLost } from "../lib/connection-lost.ts";

/** A prepared statement: planned once per connection under its name. */
export interface Statement {
  name: string;
  text: string;
}

export interface Db {
  /** Runs a prepared statement and returns its rows. Texts are made storable: without NUL, well-formed. */
  run<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
  /** The same pool through Drizzle, for rare statements. */
  readonly tables: NodePgDatabase<typeof schema>;
  readonly pool: Pool;
  /** Counts round trips made through `run`, for the bench. */
  readonly roundTrips: () => number;
  close(): Promise<void>;
}

interface DbOptions {
  url: string;
  log: Logger;
  /** Maximum number of connections. */
  max?: number;
}

// Ids fit a double for thousands of years; pg returns int8 as strings by default.
const INT8_OID = 20;
const types = new TypeOverrides();
types.setTypeParser(INT8_OID, Number);

// Every statement reads by a key. A generic plan made while a table was small would scan it, and is kept for the life of
// the connection; JIT compilation costs more than it saves.
const HOT_SETTINGS = "set enable_seqscan = off; set jit = off; set plan_cache_mode = force_generic_plan";

/** Time-out for a connection; callers waiting for one get an error. */
const CONNECT_WITHIN_MS = 5_000;
/** Far above any statement's time: a connection silent for this long is dead, not slow. */
const ANSWER_WITHIN_MS = 15_000;

/** Opens a pool. Connections are made on demand; a broken one is replaced. */
export function openDb({ url, log, max = 10 }: DbOptions): Db {
  const pool = new Pool({
    connectionString: url,
    Client: QuietClient,
    max,
    types,
    application_name: "frontdesk",
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    query_timeout: ANSWER_WITHIN_MS,
    // The pool awaits it and reports its failure (pg-pool/index.js); the types lack that.
    // oxlint-disable-next-line typescript/no-misused-promises
    onConnect: async (client) => {
      await client.query(HOT_SETTINGS);
    },
  });
  pool.on("error", (error) => log.warn({ error: error.message }, "idle database connection lost"));
  let trips = 0;
  return {
    pool,
    tables: drizzle(pool, { schema, casing: "snake_case" }),
    roundTrips: () => trips,
    async run<Row>(statement: Statement, values: readonly unknown[]) {
      trips++;
      const result = await pool.query({ ...statement, values: values.map(storableParameter) });
      return result.rows as Row[];
    },
    close: () => pool.end(),
  };
}

/**
 * True for errors that a retry can't change, by SQLSTATE class: data (22), integrity (23), program limits (54) and errors
 * raised by triggers. Not for deadlocks (40) or lock failures (55).
 */
export function isRefusedForGood(error: unknown): boolean {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" && /^(22|23|54|P0)/.test(code);
}
