/**
 * A circuit breaker per connector: a system that is down is left alone for a while, instead of every customer
 * waiting for its time-out. Kept in memory by each worker: each learns by itself, and nothing is lost with it.
 */
export interface Breaker {
  /** Whether a call may be made now. After the pause one call is let through to see; the others wait for it. */
  admits(connector: string, now: Date): boolean;
  /** Whether the system answered at all; a refusal is an answer. */
  record(connector: string, answered: boolean, now: Date): void;
}

interface Circuit {
  /** In a row. */
  failures: number;
  /** No call before this time, in ms; null: closed, all calls go. */
  openUntilMs: number | null;
}

/** Our own: few enough to notice within a minute, too many for one hiccup. */
const MAX_FAILURES = 5;
/** Our own: how long a system is left alone, and how long one trial may take before another is let through. */
const PAUSE_MS = 30_000;

export function createBreaker({ maxFailures = MAX_FAILURES, pauseMs = PAUSE_MS } = {}): Breaker {
  const lines = new Map<string, Circuit>();
  return {
    admits(connector, now) {
      const line = lines.get(connector);
      if (line === undefined || line.openUntilMs === null) return true;
      if (now.getTime() < line.openUntilMs) return false;
      lines.set(connector, { ...line, openUntilMs: now.getTime() + pauseMs });
      return true;
    },
    record(connector, answered, now) {
      const failures = answered ? 0 : (lines.get(connector)?.failures ?? 0) + 1;
      lines.set(connector, { failures, openUntilMs: failures >= maxFailures ? now.getTime() + pauseMs : null });
    },
  };
}
