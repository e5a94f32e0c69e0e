/**
 * A back-off for the sweep: work that is woken in vain is woken less and less often, so that a thousand failing
 * conversations never hold up a healthy one. It is kept in the sweeping process's memory; a new process begins without
 * any.
 */
import { backoffMs } from "../lib/backoff.ts";

export interface WakeBackoff {
  /**
   * True when this work is to be woken now, which is recorded. `head` changes with every step that the work makes, and
   * work that makes one begins anew.
   */
  mayWake(head: string, nowMs: number): boolean;
}

interface Entry {
  times: number;
  untilMs: number;
}

/** Wake-ups without a pause, one at each sweep, for the work of a process that died. */
const IMMEDIATE_WAKES = 3;
/** Longest pause, since the cause of a failure may be fixed meanwhile. */
const LONGEST_MS = 60_000;
/** Work that was not found for this long has gone on; longer than the longest pause and the sweep's way to it. */
const FORGET_AFTER_MS = 5 * LONGEST_MS;
/** Further work is woken whenever it is found, so that the memory needed is bounded. */
const ENTRIES_MAX = 20_000;

export function createWakeBackoff({ entriesMax = ENTRIES_MAX } = {}): WakeBackoff {
  // In the order of the latest wake, so that the forgotten ones come first.
  const entries = new Map<string, Entry>();
  const forget = (nowMs: number) => {
    for (const [head, { untilMs }] of entries) {
      if (untilMs + FORGET_AFTER_MS > nowMs) return;
      entries.delete(head);
    }
  };
  return {
    mayWake(head, nowMs) {
      const entry = entries.get(head);
      if (entry !== undefined && entry.untilMs > nowMs) return false;
      forget(nowMs);
      const times = (entry?.times ?? 0) + 1;
      const pauses = times - IMMEDIATE_WAKES;
      const waitMs = pauses <= 0 ? 0 : backoffMs(pauses, { baseMs: 2_000, maxMs: LONGEST_MS });
      entries.delete(head);
      if (entries.size < entriesMax) entries.set(head, { times, untilMs: nowMs + waitMs });
      return true;
    },
  };
}
