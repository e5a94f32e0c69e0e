import type { Config } from "../config.ts";
import type { Logger } from "../lib/logger.ts";
import { type Db, openDb } from "../store/db.ts";
import { startEmbedded } from "../store/embedded.ts";
import { recountFiles } from "../store/file-count.ts";
import { migrate } from "../store/migrate.ts";

interface DatabaseOptions {
  config: Pick<Config, "databaseUrl" | "dataDir">;
  log: Logger;
  closers: (() => Promise<void>)[];
}

/** Connections of one process: concurrent batches of each stage, and one for the sweep. */
const CONNECTIONS = 12;

/** Opens the database, the embedded one when none is configured, and migrates it. */
export async function openDatabase({ config, log, closers }: DatabaseOptions): Promise<{ db: Db; url: string }> {
  const url = config.databaseUrl ?? (await startOwnServer({ config, log, closers }));
  const { applied } = await migrateDatabase(url, config.databaseUrl !== null);
  if (applied > 0) log.info({ applied }, "database was migrated");
  const db = openDb({ url, log, max: CONNECTIONS });
  closers.push(() => db.close());
  await recountStoredFiles(db, log);
  return { db, url };
}

/** Recounts stored files. A wrong count affects only a quota, so a failure does not stop the start. */
async function recountStoredFiles(db: Db, log: Logger): Promise<void> {
  try {
    const corrected = await recountFiles(db);
    if (corrected !== null) log.info(corrected, "stored files recounted");
  } catch (error) {
    log.warn({ err: error }, "stored files could not be recounted");
  }
}

async function startOwnServer({ config, log, closers }: DatabaseOptions): Promise<string> {
  const server = await startEmbedded({ dataDir: config.dataDir, log });
  closers.push(() => server.stop());
  return server.url;
}

/** Migrates the database; a configured one that can't be used throws an error worded for the admin. */
export async function migrateDatabase(url: string, configured: boolean): Promise<{ applied: number }> {
  try {
    return await migrate(url);
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (!configured || typeof code !== "string" || !/^(E[A-Z]+|28...|3D000|08...|57P03)$/.test(code)) throw error;
    throw new Error(`DATABASE_URL: ${describeFailure(new URL(url), code)}`, { cause: error });
  }
}

/** Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html; those that begin with E are the system's. */
function describeFailure({ host, pathname, username }: URL, code: string): string {
  if (code === "3D000") return `${host} has no database “${pathname.slice(1)}”; create it, or correct the name.`;
  if (code.startsWith("28")) return `${host} refused the login of “${username}”; correct the user or the password.`;
  return (
    `no PostgreSQL answers at ${host} (${code}). Start it, or correct the address; ` +
    "or leave DATABASE_URL out to run on the embedded one."
  );
}
