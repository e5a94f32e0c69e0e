/**
 * A circuit breaker per outside system: calls to one that is down fail at once for a while, so that customers do not wait
 * for its time-out. Each worker keeps its own in memory. Times are of a clock that nobody sets.
 */
export interface Breaker {
  /** True when a call may be made now. After the pause one trial call is admitted, further ones only after another pause. */
  admits(system: string, nowMs: number): boolean;
  /** True while `admits` would say no; changes nothing. */
  pauses(system: string, nowMs: number): boolean;
  /** Records a call's outcome; `answered` is also true for a refusal. */
  record(system: string, answered: boolean, nowMs: number): void;
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
  const circuits = new Map<string, Circuit>();
  const pauses = (system: string, nowMs: number): boolean => {
    const openUntilMs = circuits.get(system)?.openUntilMs ?? null;
    return openUntilMs !== null && nowMs < openUntilMs;
  };
  return {
    pauses,
    admits(system, nowMs) {
      if (pauses(system, nowMs)) return false;
      const circuit = circuits.get(system);
      if (circuit !== undefined && circuit.openUntilMs !== null)
        circuits.set(system, { ...circuit, openUntilMs: nowMs + pauseMs });
      return true;
    },
    record(system, answered, nowMs) {
      const failures = answered ? 0 : (circuits.get(system)?.failures ?? 0) + 1;
      circuits.set(system, { failures, openUntilMs: failures >= maxFailures ? nowMs + pauseMs : null });
    },
  };
}
