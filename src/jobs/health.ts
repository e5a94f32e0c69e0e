import { connectionLost } from "../lib/connection-lost.ts";
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
/** Errors of connections that died in an outage still arrive for a moment after it. */
const ECHO_MS = 1_000;

/** Starts as healthy. */
export function watchHealth(log: Logger): Health {
  let downSince: number | null = null;
  let upSince = Number.NEGATIVE_INFINITY;
  let tryAt = 0;
  return {
    recordError(error) {
      if (!connectionLost(error)) {
        log.warn({ reason: reason(error) }, "lane backend reported an error");
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

/** The message alone: a driver's error may carry its whole client. */
function reason(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
