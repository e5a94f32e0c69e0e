/** Limits repeated log lines: some of each kind a minute, then a count of the rest. */
import { type Clock, systemClock } from "./clock.ts";

/** Lines of one kind per minute. */
const LINES_A_MINUTE = 10;
const MINUTE_MS = 60_000;
/** Kinds counted separately; further ones share one count. */
const KINDS_MAX = 200;

/**
 * Returns null when a line of this kind is to be left out, else fields to add to it: `unlogged` counts the lines of its
 * kind left out since the last one.
 */
export type LogThrottle = (kind: string) => { unlogged?: number } | null;

/** Counts for one process, since every process writes its own log. */
export function createLogThrottle({ clock = systemClock, perMinute = LINES_A_MINUTE }: Options = {}): LogThrottle {
  const kinds = new Map<string, { since: number; lines: number; unlogged: number }>();
  return (kind) => {
    const now = clock().getTime();
    const named = kinds.has(kind) || kinds.size < KINDS_MAX ? kind : "other";
    const before = kinds.get(named) ?? { since: now, lines: 0, unlogged: 0 };
    const of = now - before.since >= MINUTE_MS ? { since: now, lines: 0, unlogged: before.unlogged } : before;
    kinds.set(named, of);
    if (of.lines >= perMinute) {
      of.unlogged++;
      return null;
    }
    of.lines++;
    const { unlogged } = of;
    of.unlogged = 0;
    return unlogged === 0 ? {} : { unlogged };
  };
}

interface Options {
  clock?: Clock;
  perMinute?: number;
}
