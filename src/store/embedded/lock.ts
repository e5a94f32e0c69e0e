import { hostname } from "node:os";
import { Client } from "pg";

/**
 * Result of claiming the exclusive lock on a data folder: a session-level advisory lock in its own database, which ends
 * with its holder however that ends, and works across containers that share the folder.
 */
export type LockClaim =
  | { kind: "acquired"; session: Client }
  | { kind: "held"; by: string }
  /** No answer, perhaps not yet: starting up, recovering, shutting down. */
  | { kind: "unready"; reason: string }
  /** A server answers but refuses our password: it is not this folder's server. */
  | { kind: "foreign"; reason: string };

/** Any number unique in this database; this one spells "frontdsk". */
const LOCK_KEY = "7381240371634861931";
const CONNECT_WITHIN_MS = 5_000;
/** https://www.postgresql.org/docs/18/errcodes-appendix.html: class 28, the password or the user was refused. */
const REFUSED = /^28/;

/** Builds the URL of the embedded database. */
export function embeddedUrl({ port, password }: { port: number; password: string }): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
}

/** Tries once to take the lock. */
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
    if (rows[0]?.taken) return { kind: "acquired", session };
    const by = await holder(session);
    await session.end();
    return { kind: "held", by };
  } catch (error) {
    // Not awaited: end() of a connection that was never made may not resolve.
    session.end().catch(() => {});
    const { code = "", message } = error as Error & { code?: string };
    return { kind: REFUSED.test(code) ? "foreign" : "unready", reason: message };
  }
}

async function holder(session: Client): Promise<string> {
  const { rows } = await session.query<{ by: string }>(
    "select application_name as by from pg_locks join pg_stat_activity using (pid) where locktype = 'advisory' and granted and (classid::bigint << 32 | objid::bigint) = $1",
    [LOCK_KEY],
  );
  return rows[0]?.by ?? "a process that has just ended";
}
