import type { Config } from "../config.ts";
import { createLogger } from "../lib/logger.ts";
import { type Db, openDb } from "../store/db.ts";
import { runningEmbedded } from "../store/embedded/running.ts";

/** The database is not there to be asked. */
class DatabaseNotRunning extends Error {
  override readonly name = "NotRunning";
}

/** Does one thing with the database that the server uses. Throws with words where there is none to be reached. */
export async function withDatabase<Value>(config: Config, act: (db: Db) => Promise<Value>): Promise<Value> {
  const url = config.databaseUrl ?? (await runningEmbedded(config.dataDir));
  if (url === null) {
    throw new DatabaseNotRunning(
      `PostgreSQL of our own in ${config.dataDir} does not run; start Frontdesk first, or set DATABASE_URL.`,
    );
  }
  const db = openDb({ url, log: createLogger({ level: "silent" }), max: 2 });
  try {
    return await act(db);
  } finally {
    await db.close();
  }
}
