import { setTimeout as sleep } from "node:timers/promises";
import type { DeskStore } from "../../../../src/desk/desk-store.ts";
import type { Logger } from "../../../../src/lib/logger.ts";

export interface SyncLoop {
  /** Something is not as it was known: look soon. */
  wake(): void;
  /** Looks around now and then until called off. Never rejects. */
  run(signal: AbortSignal): Promise<void>;
}

interface KeeperOptions {
  store: DeskStore;
  log: Logger;
  look: (signal: AbortSignal) => Promise<void>;
  /** Leaves the rounds to others: for a process that only hears of changes. */
  onlyWoken?: boolean;
}

/** One look over all processes in so long; Slack tells of most changes sooner, so this is for what went unheard. */
const LOOK_EVERY_MS = 5 * 60_000;
/** Where something is known to be wrong or missing. `conversations.list` takes 20 calls a minute (docs, tier 2). */
const LOOK_SOON_MS = 10_000;
/** How often one process asks whether it is its turn. */
const TICK_MS = 30_000;
const WHAT = "places";

export function openSyncLoop({ store, log, look, onlyWoken = false }: KeeperOptions): SyncLoop {
  let alarm = new AbortController();
  let urgent = false;
  const once = async (signal: AbortSignal): Promise<void> => {
    if (alarm.signal.aborted) {
      alarm = new AbortController();
      urgent = true;
    }
    if (onlyWoken && !urgent) return;
    try {
      const everyMs = urgent || (await incomplete(store)) ? LOOK_SOON_MS : LOOK_EVERY_MS;
      if (!(await store.mayLook(WHAT, everyMs))) return;
      urgent = false;
      await look(signal);
    } catch (error) {
      log.error({ err: error }, "the desk's queues could not be looked after");
    }
  };
  return {
    wake: () => alarm.abort(),
    async run(signal) {
      while (!signal.aborted) {
        await once(signal);
        // What is urgent may have come right after somebody looked.
        const ms = urgent ? LOOK_SOON_MS : TICK_MS;
        await sleep(ms, undefined, { signal: AbortSignal.any([signal, alarm.signal]) }).catch(() => {});
      }
    },
  };
}

/** A queue that was just added, or in which nobody can work yet, is not waited for. */
async function incomplete(store: DeskStore): Promise<boolean> {
  const [places, rosters] = await Promise.all([store.places(), store.rosters()]);
  const shown = new Set(places.map(({ queue }) => queue));
  const staffed = new Set(rosters.flatMap(({ queue, closed }) => (closed === null ? queue : [])));
  return store.queues().some(({ id, deskPlace }) => !staffed.has(id) || (deskPlace !== null && !shown.has(id)));
}
