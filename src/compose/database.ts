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

/** Connections of one process: a batch of each stage under way at once, and the sweeper's own. */
const CONNECTIONS = 12;

/** Opens the database, its own where none is configured, with its schema up to date. */
export async function openDatabase({ config, log, closers }: DatabaseOptions): Promise<{ db: Db; url: string }> {
  const url = config.databaseUrl ?? (await startOwnServer({ config, log, closers }));
  const { applied } = await migrateDatabase(url, config.databaseUrl !== null);
  if (applied > 0) log.info({ applied }, "database was migrated");
  const db = openDb({ url, log, max: CONNECTIONS });
  closers.push(() => db.close());
  await recountStoredFiles(db, log);
  return { db, url };
}

/** What is counted wrongly is only a quota, so that a start does not fail for it. */
async function recountStoredFiles(db: Db, log: Logger): Promise<void> {
  try {
    const mended = await recountFiles(db);
    if (mended !== null) log.info(mended, "kept files were counted anew");
  } catch (error) {
    log.warn({ err: error }, "kept files were not counted anew");
  }
}

async function startOwnServer({ config, log, closers }: DatabaseOptions): Promise<string> {
  const server = await startEmbedded({ dataDir: config.dataDir, log });
  closers.push(() => server.stop());
  return server.url;
}

/** Migrates; a database that can't be used is told in words for the admin. */
export async function migrateDatabase(url: string, configured: boolean): Promise<{ applied: number }> {
  try {
    return await migrate(url);
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (!configured || typeof code !== "string" || !/^(E[A-Z]+|28...|3D000|08...|57P03)$/.test(code)) throw error;
    throw new Error(`DATABASE_URL: ${describeFailure(new URL(url), code)}`, { cause: error });
  }
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html; what begins with E is the operating system's. */
function describeFailure({ host, pathname, username }: URL, code: string): string {
  if (code === "3D000") return `at ${host} there is no database “${pathname.slice(1)}”; create it, or mend the name.`;
  if (code.startsWith("28")) return `${host} does not let “${username}” in; mend the user or the password.`;
  return (
    `no PostgreSQL answers at ${host} (${code}). Start it, or mend the address; ` +
    "or leave DATABASE_URL out to run on the embedded one."
  );
}
