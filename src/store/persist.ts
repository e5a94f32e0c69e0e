import { setTimeout as pause } from "node:timers/promises";
import { connectionLost } from "../lib/connection-lost.ts";

/** A restart of the database takes seconds, a failover half a minute. */
const KEEP_MS = 60_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 250;

/**
 * Writes what nobody could find out again: a platform's answer, a connector's, a message that is sent only once. While the
 * database can't be reached it is tried again, for `forMs`; throws the last error after that, and any other at once. The
 * write must bear being repeated: the answer to one that was done may be what was lost.
 */
export async function persist<Value>(write: () => Promise<Value>, { forMs = KEEP_MS } = {}): Promise<Value> {
  const deadline = performance.now() + forMs;
  for (let waitMs = FIRST_PAUSE_MS; ; waitMs = Math.min(LONGEST_PAUSE_MS, waitMs * 2)) {
    try {
      return await write();
    } catch (error) {
      if (!connectionLost(error) || performance.now() > deadline) throw error;
    }
    await pause(waitMs);
  }
}
