/** Which lines of a flood are written: some of each kind a minute, and then how many were not. */
import { type Clock, systemClock } from "./clock.ts";

/** Lines of one kind a minute; whoever reads the log has understood by then. */
const LINES_A_MINUTE = 10;
const MINUTE_MS = 60_000;
/** Kinds that are told apart; beyond, they share one count. */
const KINDS_MAX = 200;

/**
 * Answers whether a line of this kind is to be written now: null where it is not, else the fields to add to it, `unlogged`
 * being how many of its kind were left out since the last one.
 */
export type LogThrottle = (kind: string) => { unlogged?: number } | null;

/** Counts for one process: every process writes a log of its own. */
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
