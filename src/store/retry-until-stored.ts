import { setTimeout as pause } from "node:timers/promises";
import { connectionLost } from "../lib/connection-lost.ts";

/** Default duration: a restart of the database takes seconds, a failover half a minute. */
const KEEP_MS = 60_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 250;
/** A transaction rolled back more often has a fault that a retry won't fix. */
const MAX_ROLLBACKS = 5;

/**
 * Retries a write of data that can't be obtained again: a platform's or connector's answer, a message that is sent only
 * once. Retries for `forMs` while the database is unreachable, and up to five times after deadlocks and serialization
 * failures; then throws the last error. Throws any other error at once. The write has to be idempotent: it may have
 * succeeded although its answer was lost.
 */
export async function retryUntilStored<Value>(write: () => Promise<Value>, { forMs = KEEP_MS } = {}): Promise<Value> {
  const deadline = performance.now() + forMs;
  let rollbacks = 0;
  for (let waitMs = FIRST_PAUSE_MS; ; waitMs = Math.min(LONGEST_PAUSE_MS, waitMs * 2)) {
    try {
      return await write();
    } catch (error) {
      const again = isRolledBack(error) ? ++rollbacks <= MAX_ROLLBACKS : connectionLost(error);
      if (!again || performance.now() > deadline) throw error;
    }
    await pause(waitMs);
  }
}

/** True for deadlock_detected and serialization_failure: nothing was written, and a retry may succeed. */
const isRolledBack = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "40P01" || error.code === "40001");
