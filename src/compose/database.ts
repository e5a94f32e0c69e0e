import type { Config } from "../config.ts";
import type { Logger } from "../lib/logger.ts";
import { type Db, openDb } from "../store/db.ts";
import { startEmbedded } from "../store/embedded.ts";
import { migrate } from "../store/migrate.ts";

interface DatabaseOptions {
  config: Pick<Config, "databaseUrl" | "dataDir">;
  log: Logger;
  closers: (() => Promise<void>)[];
}

/** Connections of one process: a batch of each stage under way at once, and the sweeper's own. */
const CONNECTIONS = 12;

/** Opens the database, its own where none is configured, with its schema up to date. */
export async function openDatabase({ config, log, closers }: DatabaseOptions): Promise<{ db: Db; url: string }> {
  const url = config.databaseUrl ?? (await embedded({ config, log, closers }));
  const { applied } = await migrated(url, config.databaseUrl !== null);
  if (applied > 0) log.info({ applied }, "database was migrated");
  const db = openDb({ url, log, max: CONNECTIONS });
  closers.push(() => db.close());
  return { db, url };
}

async function embedded({ config, log, closers }: DatabaseOptions): Promise<string> {
  const server = await startEmbedded({ dataDir: config.dataDir, log });
  closers.push(() => server.stop());
  return server.url;
}

async function migrated(url: string, configured: boolean): Promise<{ applied: number }> {
  try {
    return await migrate(url);
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (!configured || typeof code !== "string" || !/^(E[A-Z]+|28...|3D000|08...|57P03)$/.test(code)) throw error;
    const { host } = new URL(url);
    throw new Error(
      `DATABASE_URL: PostgreSQL at ${host} can't be used (${code}). Check that it runs, and that the name, the user and ` +
        "the password are right; or leave DATABASE_URL out to run on the embedded one.",
      { cause: error },
    );
  }
}
