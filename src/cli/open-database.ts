import type { Config } from "../config.ts";
import { createLogger } from "../lib/logger.ts";
import { type Db, openDb } from "../store/db.ts";
import { findEmbeddedUrl } from "../store/embedded/running.ts";

/** The embedded database does not run. */
class DatabaseNotRunning extends Error {
  override readonly name = "NotRunning";
}

/** Runs `act` on the database that the server uses. Throws DatabaseNotRunning when there is none. */
export async function withDatabase<Value>(config: Config, act: (db: Db) => Promise<Value>): Promise<Value> {
  const url = config.databaseUrl ?? (await findEmbeddedUrl(config.dataDir));
  if (url === null) {
    throw new DatabaseNotRunning(
      `The embedded PostgreSQL in ${config.dataDir} is not running; start Frontdesk first, or set DATABASE_URL.`,
    );
  }
  const db = openDb({ url, log: createLogger({ level: "silent" }), max: 2 });
  try {
    return await act(db);
  } finally {
    await db.close();
  }
}
