/** What pg, ioredis and BullMQ say without a code when a server is gone, silent, or not let us in. */
const LOST_WORDS =
  /connection|connect|terminat|timeout|timed out|not queryable|writeable|max retries|^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN)/i;

/**
 * Whether an error of PostgreSQL or Redis means that the server or the way to it is in trouble, not what was asked of it:
 * SQLSTATE classes 08, 53, 57 and 58, socket errors, and the drivers' own limits, which come without a code ("Query read
 * timeout"). A wrapper is judged by its cause: its own words may quote the statement and its values.
 */
export function connectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.some(connectionLost)) return true;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (isSocketError(code) || /^(08|53|57|58)/.test(code)) return true;
  // The server answered, and about the statement: what its words happen to name says nothing.
  if (isSqlState(code)) return false;
  return error.cause instanceof Error ? connectionLost(error.cause) : LOST_WORDS.test(error.message);
}

/** ECONNRESET, EAI_AGAIN, ETIMEDOUT …; `ERR_…` is how Node names a wrong call. */
const isSocketError = (code: string): boolean => /^E(?!RR_)[A-Z_]+$/.test(code);

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: five characters, of which the class is two. */
const isSqlState = (code: string): boolean => /^[0-9A-Z]{5}$/.test(code);
