/**
 * A back-off per row for the sweep: what it wakes again and again in vain is left alone for longer and longer, so that
 * a thousand conversations that can't be helped never stand before one that can. In the sweeping process's memory: a
 * new one begins patient with everybody.
 */
import { backoffMs } from "../lib/backoff.ts";

export interface WakeBackoff<Key> {
  /** Those that are left alone at this moment. */
  paused(nowMs: number): Key[];
  /** These were found waiting and are woken now; whoever is not among them, nor left alone, is forgiven. */
  recordWakes(keys: Iterable<Key>, nowMs: number): void;
}

interface Entry {
  times: number;
  untilMs: number;
}

/** The first wake-ups come at every sweep: a process that died is what they are for. */
const IMMEDIATE_WAKES = 3;
/** Never longer than this: what could not be helped may be mended. */
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
