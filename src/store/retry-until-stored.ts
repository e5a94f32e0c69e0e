import { setTimeout as pause } from "node:timers/promises";
import { connectionLost } from "../lib/connection-lost.ts";

/** A restart of the database takes seconds, a failover half a minute. */
const KEEP_MS = 60_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 250;
/** A transaction that others keep in its way so often has a fault that trying again won't mend. */
const MAX_ROLLBACKS = 5;

/**
 * Writes what could not be found out again: a platform's answer, a connector's, a message that is sent only once. While the
 * database can't be reached it is tried again, for `forMs`, and up to five times where it gave way to another
 * transaction; throws the last error after that, and any other at once. The write must bear being repeated: the answer to
 * one that was done may be what was lost.
 */
export async function retryUntilStored<Value>(write: () => Promise<Value>, { forMs = KEEP_MS } = {}): Promise<Value> {
  const deadline = performance.now() + forMs;
  let rollbacks = 0;
  for (let waitMs = FIRST_PAUSE_MS; ; waitMs = Math.min(LONGEST_PAUSE_MS, waitMs * 2)) {
    try {
      return await write();
    } catch (error) {
      const again = rolledBack(error) ? ++rollbacks <= MAX_ROLLBACKS : connectionLost(error);
      if (!again || performance.now() > deadline) throw error;
    }
    await pause(waitMs);
  }
}

/** SQLSTATE deadlock_detected and serialization_failure: nothing was written, and the same may succeed at once. */
const rolledBack = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "40P01" || error.code === "40001");
