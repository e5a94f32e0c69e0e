/** Messages of pg, ioredis and BullMQ without a code, for a server that is gone, silent or refuses us. */
const LOST_MESSAGE =
  /connection|connect|terminat|timeout|timed out|not queryable|writeable|max retries|^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN)/i;

/**
 * True when an error of PostgreSQL or Redis is about the server or the connection, not about the statement: SQLSTATE
 * classes 08, 53, 57 and 58, socket errors, and the drivers' own time-outs, which have no code ("Query read timeout").
 * A wrapper is judged by its cause: its own message may quote the statement and its values.
 */
export function connectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.some(connectionLost)) return true;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (isSocketError(code) || /^(08|53|57|58)/.test(code)) return true;
  // The server answered about the statement: its message may contain any word.
  if (isSqlState(code)) return false;
  return error.cause instanceof Error ? connectionLost(error.cause) : LOST_MESSAGE.test(error.message);
}

/** ECONNRESET, EAI_AGAIN, ETIMEDOUT …; `ERR_…` is Node's code for a wrong call. */
const isSocketError = (code: string): boolean => /^E(?!RR_)[A-Z_]+$/.test(code);

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: five characters, the first two are the class. */
const isSqlState = (code: string): boolean => /^[0-9A-Z]{5}$/.test(code);
