/**
 * A circuit breaker per connector: calls to a system that is down fail at once for a while, so that customers do not
 * wait for its time-out. Each worker keeps its own in memory. Times are of a clock that nobody sets.
 */
export interface Breaker {
  /** True when a call may be made now. After the pause one trial call is admitted, further ones only after another pause. */
  admits(connector: string, nowMs: number): boolean;
  /** Records a call's outcome; `answered` is also true for a refusal. */
  record(connector: string, answered: boolean, nowMs: number): void;
}

interface Circuit {
  /** Consecutive failures. */
  failures: number;
  /** Time in ms before which no call is made; null: the circuit is closed and all calls are made. */
  openUntilMs: number | null;
}

/** Our choice: few enough to notice within a minute, too many for one hiccup. */
const MAX_FAILURES = 5;
/** Our choice: pause after failures, and between two trial calls. */
const PAUSE_MS = 30_000;

export function createBreaker({ maxFailures = MAX_FAILURES, pauseMs = PAUSE_MS } = {}): Breaker {
  const lines = new Map<string, Circuit>();
  return {
    admits(connector, nowMs) {
      const line = lines.get(connector);
      if (line === undefined || line.openUntilMs === null) return true;
      if (nowMs < line.openUntilMs) return false;
      lines.set(connector, { ...line, openUntilMs: nowMs + pauseMs });
      return true;
    },
    record(connector, answered, nowMs) {
      const failures = answered ? 0 : (lines.get(connector)?.failures ?? 0) + 1;
      lines.set(connector, { failures, openUntilMs: failures >= maxFailures ? nowMs + pauseMs : null });
    },
  };
}
