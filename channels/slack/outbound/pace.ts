/**
 * Keeps posts to one Slack channel to the pace that Slack allows, in the order in which they were asked for.
 *
 * 1. A burst at once, then one at a time; what was not used comes back with time.
 * 2. Who would wait longer than `MAX_WAIT_MS` is told so at once, and takes no place in the line.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "../../../src/adapter/adapter.ts";
import { SendError } from "../../../src/adapter/send-error.ts";
import { POST_BURST, POST_EVERY_MS } from "../limits.ts";

/** A lane is not held longer than this for a line that moves by one a second. */
const MAX_WAIT_MS = 20_000;
/** Quiet Slack channels are forgotten when there are more than this. */
const MAX_REMEMBERED = 1_000;

export interface Pacer {
  /** Waits for this Slack channel's turn. Throws SendError (nothing was sent) if that is too far off, or it is called off. */
  turn(channel: string, signal: AbortSignal): Promise<void>;
  /** Slack asked for this much silence in the channel. */
  hold(channel: string, ms: number): void;
}

export interface Clock {
  now(): number;
  /** Rejects when the signal calls it off. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const REAL_CLOCK: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};

/** `everyMs`: between two posts to the same Slack channel, once the burst is used up. */
export function createPacer(clock: Clock = REAL_CLOCK, { everyMs = POST_EVERY_MS } = {}): Pacer {
  /** When each channel's burst is whole again. */
  const whole = new Map<string, number>();
  return {
    async turn(channel, signal) {
      if (signal.aborted) throw notSent("The send was called off before it began", 0);
      const now = clock.now();
      const from = Math.max(whole.get(channel) ?? now, now);
      const waitMs = Math.max(0, from - (POST_BURST - 1) * everyMs - now);
      if (waitMs > MAX_WAIT_MS) throw notSent("Too many posts are waiting for this Slack channel", waitMs);
      whole.set(channel, from + everyMs);
      if (whole.size > MAX_REMEMBERED) forget(whole, now);
      if (waitMs === 0) return;
      await clock.sleep(waitMs, signal).catch(() => {
        throw notSent("The send was called off while it waited for its turn", 0);
      });
    },
    hold(channel, ms) {
      const until = clock.now() + ms + (POST_BURST - 1) * everyMs;
      whole.set(channel, Math.max(whole.get(channel) ?? 0, until));
    },
  };
}

function forget(whole: Map<string, number>, now: number): void {
  for (const [channel, at] of whole) if (at <= now) whole.delete(channel);
}

const notSent = (message: string, afterMs: number): SendError =>
  new SendError(`${message}; nothing was sent`, { outcome: "not-sent", retry: { afterMs }, code: "paced" });

const pacers = new WeakMap<Connection, Pacer>();

/** The pacer of a connection, shared by everything that posts over the same Slack app: its channel and its desk. */
export function pacerOf(connection: Connection, { everyMs }: { everyMs?: number } = {}): Pacer {
  const known = pacers.get(connection) ?? createPacer(REAL_CLOCK, everyMs === undefined ? {} : { everyMs });
  pacers.set(connection, known);
  return known;
}

/** Makes `pacer` the one of this connection. */
export const pacedBy = (connection: Connection, pacer: Pacer): void => void pacers.set(connection, pacer);
