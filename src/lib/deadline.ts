import { moment } from "./fence.ts";

/** A deadline that comes later than this by the clock was kept from coming in time: the process stood still. */
const STOOD_STILL_MS = 500;
/** Time to read what has come meanwhile: Node runs timers before it reads sockets. */
const READ_WITHIN_MS = 1_000;

export interface Deadline {
  /** Counts anew from now. */
  restart(ms: number): void;
  stop(): void;
}

/**
 * Calls `onOver` once, after `ms`. A process that stood still first reads the answers that have come meanwhile.
 * `AbortSignal.timeout` would leave a pending timer for every call.
 */
export function startDeadline(ms: number, onOver: () => void): Deadline {
  let timer: NodeJS.Timeout | undefined;
  const start = (afterMs: number): void => {
    const at = moment() + afterMs;
    timer = setTimeout(() => {
      if (moment() - at < STOOD_STILL_MS) return onOver();
      timer = setTimeout(onOver, READ_WITHIN_MS);
    }, afterMs);
  };
  start(ms);
  return {
    restart(afterMs) {
      clearTimeout(timer);
      start(afterMs);
    },
    stop: () => clearTimeout(timer),
  };
}
