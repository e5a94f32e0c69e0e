/**
 * Limits posts to each Slack channel to the rate that Slack allows, in the order of the calls.
 *
 * 1. A burst at once, then one at a time; an unused burst refills with time.
 * 2. A post that would wait longer than `MAX_WAIT_MS` fails at once and takes no place in the queue.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "../../../src/adapter/adapter.ts";
import { SendError } from "../../../src/adapter/send-error.ts";
import { POST_BURST, POST_EVERY_MS } from "../limits.ts";

/** The longest time that a lane is blocked by waiting for a turn. */
const MAX_WAIT_MS = 20_000;
/** The most channels remembered; beyond it, idle ones are dropped. */
const MAX_REMEMBERED = 1_000;

export interface Pacer {
  /** Waits for this Slack channel's turn. Throws SendError (nothing was sent) if the wait is too long or is aborted. */
  turn(channel: string, signal: AbortSignal): Promise<void>;
  /** Blocks the channel for a time, because Slack asked for it. */
  hold(channel: string, ms: number): void;
}

export interface Clock {
  now(): number;
  /** Rejects when aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const REAL_CLOCK: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};

/** Creates a pacer. `everyMs`: interval of posts to one Slack channel, once the burst is used up. */
export function createPacer(clock: Clock = REAL_CLOCK, { everyMs = POST_EVERY_MS } = {}): Pacer {
  /** Time at which each channel's burst is full again. */
  const fullAt = new Map<string, number>();
  return {
    async turn(channel, signal) {
      if (signal.aborted) throw notSent("The send was aborted before it began", 0);
      const now = clock.now();
      const from = Math.max(fullAt.get(channel) ?? now, now);
      const waitMs = Math.max(0, from - (POST_BURST - 1) * everyMs - now);
      if (waitMs > MAX_WAIT_MS) throw notSent("Too many posts are waiting for this Slack channel", waitMs);
      fullAt.set(channel, from + everyMs);
      if (fullAt.size > MAX_REMEMBERED) dropIdle(fullAt, now);
      if (waitMs === 0) return;
      await clock.sleep(waitMs, signal).catch(() => {
        throw notSent("The send was aborted while it waited for its turn", 0);
      });
    },
    hold(channel, ms) {
      const until = clock.now() + ms + (POST_BURST - 1) * everyMs;
      fullAt.set(channel, Math.max(fullAt.get(channel) ?? 0, until));
    },
  };
}

function dropIdle(fullAt: Map<string, number>, now: number): void {
  for (const [channel, at] of fullAt) if (at <= now) fullAt.delete(channel);
}

const notSent = (message: string, afterMs: number): SendError =>
  new SendError(`${message}; nothing was sent`, { outcome: "not-sent", retry: { afterMs }, code: "paced" });

const pacers = new WeakMap<Connection, Pacer>();

/** Returns the pacer of a connection, shared by all that post over the same Slack app: its channel and its desk. */
export function pacerOf(connection: Connection, { everyMs }: { everyMs?: number } = {}): Pacer {
  const known = pacers.get(connection) ?? createPacer(REAL_CLOCK, everyMs === undefined ? {} : { everyMs });
  pacers.set(connection, known);
  return known;
}

/** Sets the pacer of a connection. */
export const setPacer = (connection: Connection, pacer: Pacer): void => void pacers.set(connection, pacer);
