import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { Pool, TypeOverrides } from "pg";
import type { Logger } from "../lib/logger.ts";
import { QuietClient } from "../lib/quiet-client.ts";
import * as schema from "./schema.ts";
import { storableParameter } from "./text.ts";

export { connectionLost } from "../lib/connection-lost.ts";

/** A hot statement: its text is planned once per connection under its name. */
export interface Statement {
  name: string;
  text: string;
}

export interface Db {
  /** Runs one prepared statement and answers with its rows. Texts are made storable: without NUL, well-formed. */
  run<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
  /** The same pool through Drizzle, for what is not hot. */
  readonly tables: NodePgDatabase<typeof schema>;
  readonly pool: Pool;
  /** Round trips made through `run`, for the bench and the metrics. */
  readonly roundTrips: () => number;
  close(): Promise<void>;
}

interface DbOptions {
  url: string;
  log: Logger;
  /** Connections at most. */
  max?: number;
}

// Ids fit a double for the next thousands of years; pg would hand them out as strings.
const INT8_OID = 20;
const types = new TypeOverrides();
types.setTypeParser(INT8_OID, Number);

// Every statement here reads by a key. A plan made while a table was small would scan it, and is kept for the life of the
// connection; compiling such a plan to machine code costs more than it ever saves.
const HOT_SETTINGS = "set enable_seqscan = off; set jit = off; set plan_cache_mode = force_generic_plan";

/** A server that does not take a connection is down for us; whoever waits is told so. */
const CONNECT_WITHIN_MS = 5_000;
/** Far above any statement of ours: a connection that answers nothing for this long is dead, not slow. */
const ANSWER_WITHIN_MS = 15_000;

/** Opens a pool. Connections are made when first needed; one that breaks is replaced. */
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
    // The pool waits for it and passes its failure on (pg-pool/index.js); the types do not know yet.
    // oxlint-disable-next-line typescript/no-misused-promises
    onConnect: async (client) => {
      await client.query(HOT_SETTINGS);
    },
  });
  pool.on("error", (error) => log.warn({ error: error.message }, "idle database connection was lost"));
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
 * SQLSTATE classes that say the same however often they are asked: data (22), integrity (23), limits of the program (54) and
 * what a trigger raised (P0). A deadlock (40) or a lock not given (55) is none of them.
 */
export function refusedForGood(error: unknown): boolean {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" && /^(22|23|54|P0)/.test(code);
}
