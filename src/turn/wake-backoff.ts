/**
 * A back-off per row for the sweep: work that is woken in vain is woken less and less often, so that a thousand failing
 * conversations never hold up a healthy one. It is kept in the sweeping process's memory; a new process begins without
 * any.
 */
import { backoffMs } from "../lib/backoff.ts";

export interface WakeBackoff<Key> {
  /** Keys that are not to be woken now. */
  paused(nowMs: number): Key[];
  /**
   * Records that these keys were found waiting and are woken. A key that is neither among them nor paused is forgotten.
   */
  recordWakes(keys: Iterable<Key>, nowMs: number): void;
}

interface Entry {
  times: number;
  untilMs: number;
}

/** Wake-ups without a pause, one at each sweep, for the work of a process that died. */
const IMMEDIATE_WAKES = 3;
/** Longest pause, since the cause of a failure may be fixed meanwhile. */
const LONGEST_MS = 60_000;

export function createWakeBackoff<Key>(): WakeBackoff<Key> {
  const entries = new Map<Key, Entry>();
  return {
    paused: (nowMs) => [...entries].filter(([, { untilMs }]) => untilMs > nowMs).map(([key]) => key),
    recordWakes(keys, nowMs) {
      const found = new Set(keys);
      for (const [key, { untilMs }] of entries) if (!found.has(key) && untilMs <= nowMs) entries.delete(key);
      for (const key of found) {
        const times = (entries.get(key)?.times ?? 0) + 1;
        const waitMs =
          times <= IMMEDIATE_WAKES ? 0 : backoffMs(times - IMMEDIATE_WAKES, { baseMs: 2_000, maxMs: LONGEST_MS });
        entries.set(key, { times, untilMs: nowMs + waitMs });
      }
    },
  };
}
