/**
 * The time that a run has taken: the time that passed, or the processor time of the whole process if that is less. So
 * neither a busy machine nor a process that stood still makes a run longer than it is, and no other thread does.
 */

export interface Stopwatch {
  /** Reads the time. True once the limit is passed. */
  read(): boolean;
  /** True when a reading found the limit passed. */
  over(): boolean;
}

/** Clocks that nobody sets, in milliseconds. */
export interface RunClocks {
  passed: () => number;
  processor: () => number;
}

const systemClocks: RunClocks = {
  passed: () => performance.now(),
  processor: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  },
};

/** Starts a stopwatch. */
export function startStopwatch(limitMs: number, { passed, processor }: RunClocks = systemClocks): Stopwatch {
  const start = { passed: passed(), processor: processor() };
  let over = false;
  return {
    read() {
      over ||= Math.min(passed() - start.passed, processor() - start.processor) > limitMs;
      return over;
    },
    over: () => over,
  };
}
