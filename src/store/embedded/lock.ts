import { hostname } from "node:os";
import { Client } from "pg";

/**
 * The exclusive hold on a data folder: a session-level advisory lock in its own database, so that it ends with its
 * holder however that ends, and holds across containers that share the folder.
 */
export type LockClaim =
  | { kind: "ours"; session: Client }
  | { kind: "held"; by: string }
  /** There is no answer, or not yet: starting up, recovering, shutting down. */
  | { kind: "unready"; why: string }
  /** A server answers, but not to our password: it is not the one of this folder. */
  | { kind: "foreign"; why: string };

/** Any number that nobody else uses in this database; this one spells "frontdsk". */
const LOCK_KEY = "7381240371634861931";
const CONNECT_WITHIN_MS = 5_000;
/** https://www.postgresql.org/docs/18/errcodes-appendix.html: class 28, the password or the user was refused. */
const REFUSED = /^28/;

/** The URL of the database that the server on `port` keeps for us. */
export function embeddedUrl({ port, password }: { port: number; password: string }): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
}

/** Tries to take the lock, once. */
export async function claimLock(connectionString: string): Promise<LockClaim> {
  const session = new Client({
    connectionString,
    application_name: `frontdesk pid ${process.pid} on ${hostname()}`,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    keepAlive: true,
  });
  session.on("error", () => {});
  try {
    await session.connect();
    const { rows } = await session.query<{ taken: boolean }>("select pg_try_advisory_lock($1) as taken", [LOCK_KEY]);
    if (rows[0]?.taken) return { kind: "ours", session };
    const by = await holder(session);
    await session.end();
    return { kind: "held", by };
  } catch (error) {
    // Not awaited: the end of a connection that never was may not come.
    session.end().catch(() => {});
    const { code = "", message } = error as Error & { code?: string };
    return { kind: REFUSED.test(code) ? "foreign" : "unready", why: message };
  }
}

async function holder(session: Client): Promise<string> {
  const { rows } = await session.query<{ by: string }>(
    "select application_name as by from pg_locks join pg_stat_activity using (pid) where locktype = 'advisory' and granted and (classid::bigint << 32 | objid::bigint) = $1",
    [LOCK_KEY],
  );
  return rows[0]?.by ?? "a process that has just ended";
}
