import { connectionLost } from "../lib/connection-lost.ts";
import { createLogThrottle } from "../lib/log-throttle.ts";
import type { Logger } from "../lib/logger.ts";

/** Tracks whether the backend answers, and logs each change once. */
export interface Health {
  recordError: (error: unknown) => void;
  recordSuccess: () => void;
  isDown: () => boolean;
  /** True while the backend is up; while it is down, true for one caller every half second. */
  mayTry: () => boolean;
}

const TRY_AGAIN_MS = 500;
/** An error of the same kind is logged again after this, with the number of those left out. */
const SAME_ERROR_PER_MINUTE = 1;
/** Errors of connections that died in an outage still arrive for a moment after it. */
const ECHO_MS = 1_000;

/** Starts as healthy. */
export function watchHealth(log: Logger): Health {
  let downSince: number | null = null;
  let upSince = Number.NEGATIVE_INFINITY;
  let tryAt = 0;
  const throttle = createLogThrottle({ perMinute: SAME_ERROR_PER_MINUTE });
  return {
    recordError(error) {
      if (!connectionLost(error)) {
        // A Redis that is full refuses every command, so one line stands for many.
        const more = throttle(kindOf(error));
        if (more !== null) log.warn({ reason: reason(error), ...more }, "lane backend reported an error");
        return;
      }
      if (downSince === null && performance.now() - upSince < ECHO_MS) return;
      if (downSince === null) log.error({ reason: reason(error) }, "lane backend went down");
      downSince ??= performance.now();
      tryAt = performance.now() + TRY_AGAIN_MS;
    },
    recordSuccess() {
      if (downSince === null) return;
      upSince = performance.now();
      log.info({ downMs: Math.round(upSince - downSince) }, "lane backend came back");
      downSince = null;
    },
    isDown: () => downSince !== null,
    mayTry() {
      if (downSince === null) return true;
      const now = performance.now();
      if (now < tryAt) return false;
      tryAt = now + TRY_AGAIN_MS;
      return true;
    },
  };
}

/** The first word, as Redis names its errors ("OOM", "MISCONF"): the rest may name a key. */
const kindOf = (error: unknown): string => reason(error).split(" ", 1)[0] ?? "";

/** The message alone: a driver's error may carry its whole client. */
function reason(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
