import { setTimeout as sleep } from "node:timers/promises";
import type { DeskStore } from "../../../../src/desk/desk-store.ts";
import type { Logger } from "../../../../src/lib/logger.ts";

export interface SyncLoop {
  /** Asks for a sync soon, because something has changed. */
  wake(): void;
  /** Syncs periodically until aborted. Never rejects. */
  run(signal: AbortSignal): Promise<void>;
}

interface SyncLoopOptions {
  store: DeskStore;
  log: Logger;
  sync: (signal: AbortSignal) => Promise<void>;
  /** Syncs only when woken: for a process that only receives events. */
  onlyWoken?: boolean;
}

/** Period of syncs over all processes; Slack reports most changes sooner, so this one catches missed events. */
const LOOK_EVERY_MS = 5 * 60_000;
/** Period while something is known to be wrong or missing. `conversations.list` takes 20 calls a minute (docs, tier 2). */
const LOOK_SOON_MS = 10_000;
/** Interval at which a process asks whether a sync is due. */
const TICK_MS = 30_000;
const WHAT = "places";

export function openSyncLoop({ store, log, sync, onlyWoken = false }: SyncLoopOptions): SyncLoop {
  let wakeUp = new AbortController();
  let urgent = false;
  const syncOnce = async (signal: AbortSignal): Promise<void> => {
    if (wakeUp.signal.aborted) {
      wakeUp = new AbortController();
      urgent = true;
    }
    if (onlyWoken && !urgent) return;
    try {
      const everyMs = urgent || (await isIncomplete(store)) ? LOOK_SOON_MS : LOOK_EVERY_MS;
      if (!(await store.mayLook(WHAT, everyMs))) return;
      urgent = false;
      await sync(signal);
    } catch (error) {
      log.error({ err: error }, "desk queue sync failed");
    }
  };
  return {
    wake: () => wakeUp.abort(),
    async run(signal) {
      while (!signal.aborted) {
        await syncOnce(signal);
        // A wake-up may come right after another process has synced.
        const ms = urgent ? LOOK_SOON_MS : TICK_MS;
        await sleep(ms, undefined, { signal: AbortSignal.any([signal, wakeUp.signal]) }).catch(() => {});
      }
    },
  };
}

/** True when a queue was just added or nobody can work in it yet: then a sync is due soon. */
async function isIncomplete(store: DeskStore): Promise<boolean> {
  const [places, rosters] = await Promise.all([store.places(), store.rosters()]);
  const shown = new Set(places.map(({ queue }) => queue));
  const staffed = new Set(rosters.flatMap(({ queue, closed }) => (closed === null ? queue : [])));
  return store.queues().some(({ id, deskPlace }) => !staffed.has(id) || (deskPlace !== null && !shown.has(id)));
}
