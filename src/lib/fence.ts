/**
 * A claim's validity as its holder knows it without asking the database (E1).
 *
 * 1. Counted from before the statement that claimed or renewed it was sent, so it ends here before it ends there.
 * 2. Once lapsed it stays lapsed: a process that stood still performs nothing when it goes on.
 */

declare const steady: unique symbol;
/** A time of this process, in milliseconds; comparable only with others of the same process. */
export type Moment = number & { readonly [steady]: true };

/** Shorter leaps are the clocks' rounding. */
const LEAP_MS = 50;
/** Sum of the wall clock's leaps ahead of the monotonic one since this process began. */
let aheadMs = 0;
/** Difference between the two clocks when they were last read. */
let lastMs: number | null = null;

/**
 * Returns the current moment. The monotonic clock does not count the time for which a machine was suspended; the wall clock
 * does, so its leaps forward are added. Setting the clock back changes nothing.
 */
export function moment(): Moment {
  const monotonic = performance.now();
  const nowMs = Date.now() - performance.timeOrigin - monotonic;
  const leapMs = nowMs - (lastMs ?? nowMs);
  if (leapMs > LEAP_MS) aheadMs += leapMs;
  lastMs = nowMs;
  return (monotonic + aheadMs) as Moment;
}

export interface Fence {
  /** Aborted by the heartbeat when the claim has lapsed, or another process has taken over. */
  readonly signal: AbortSignal;
  /** True when the claim holds for another `marginMs` at least. */
  holds(marginMs: number): boolean;
}

/** A fence and what moves it; only a heartbeat has it. */
export interface MovingFence extends Fence {
  /** Extends it by a renewal whose statement was sent at `since`. */
  extend(since: Moment): void;
  /** Ends it when its time is over. */
  check(): void;
  /** Ends it at once: another process has taken over. */
  end(): void;
}

/** Puts up the fence of a claim. `since`: the moment before the claiming statement was sent. */
export function createFence(since: Moment, { leaseMs }: { leaseMs: number }): MovingFence {
  const ended = new AbortController();
  let until = since + leaseMs;
  const end = () => ended.abort(new Error("The claim has lapsed: this process stood still, or the database was away"));
  const holds = (marginMs: number): boolean => {
    const now = moment();
    if (now >= until) end();
    return !ended.signal.aborted && now + marginMs < until;
  };
  return {
    signal: ended.signal,
    holds,
    extend(renewedAt) {
      if (holds(0)) until = Math.max(until, renewedAt + leaseMs);
    },
    check: () => void holds(0),
    end,
  };
}
