import { asNotSent, SendError } from "../../../../src/adapter/send-error.ts";
import type { DeskStore, QueuePlace } from "../../../../src/desk/desk-store.ts";
import type { RemoteChannelId } from "../../../../src/domain/ids.ts";
import type { Queue } from "../../../../src/domain/queue.ts";
import type { Logger } from "../../../../src/lib/logger.ts";

export interface Places {
  /** Returns the Slack channel that shows this queue's cases. Throws SendError (nothing was sent) if there is none. */
  of(queue: string): Promise<RemoteChannelId>;
  /** Returns the reason why nothing may be shown in a Slack channel; null: no reason is known. */
  closedReason(channel: string): Promise<string | null>;
  /** Lists every Slack channel that may have posts of the desk. */
  all(): Promise<RemoteChannelId[]>;
  /** Stores that nothing can be posted there, with the reason. */
  close(place: RemoteChannelId, reason: string): Promise<void>;
  /** Drops the cached places and asks for a fresh look at Slack. */
  invalidate(): void;
}

interface PlacesOptions {
  store: DeskStore;
  log: Logger;
  /** Asks the sync loop for a fresh look at Slack. */
  wake: () => void;
  now?: () => number;
}

/** Lifetime of cached places: for this long a channel that was just shared may still get posts. */
const FRESH_MS = 1_000;
/** Time to wait for a channel that can't be found; then the default queue's channel shows its cases. */
const LOOKED_FOR_MS = 30_000;
/** Until somebody has fixed it, or the first sync is done. */
const RETRY_MS = 15_000;

export function openPlaces(o: PlacesOptions): Places {
  const { store, now = Date.now } = o;
  let known: { at: number; places: QueuePlace[] } | null = null;
  const warned = new Set<string>();
  /** Time since when a queue's channel can't be found. */
  const missingSince = new Map<string, number>();
  const read = async (): Promise<QueuePlace[]> => {
    if (known !== null && now() - known.at < FRESH_MS) return known.places;
    const places = await stored(() => store.places());
    known = { at: now(), places };
    return places;
  };
  const invalidate = () => {
    known = null;
    o.wake();
  };
  return {
    async of(queue) {
      const places = await read();
      const own = places.find((place) => place.queue === queue);
      if (own?.refused === null) {
        missingSince.delete(queue);
        return own.place;
      }
      const instead = places.find(
        (place) => place.queue === (store.defaultQueue?.() ?? null) && place.refused === null,
      );
      const reason = missingReason(
        store.queues().find(({ id }) => id === queue),
        { queue, own },
      );
      // A channel that may just not be synced yet is worth a wait; one with a wrong name would never show anything.
      if (own === undefined && !missingSince.has(queue)) missingSince.set(queue, now());
      const soon = own === undefined && now() - (missingSince.get(queue) ?? 0) < LOOKED_FOR_MS;
      if (instead === undefined || soon) {
        o.wake();
        throw new SendError(reason, { outcome: "not-sent", retry: { afterMs: RETRY_MS }, code: "no_place" });
      }
      if (!warned.has(queue)) o.log.error({ queue, reason }, "queue shown in the default queue's channel");
      warned.add(queue);
      return instead.place;
    },
    closedReason: async (channel) => (await read()).find(({ place }) => place === channel)?.refused ?? null,
    all: async () => [...new Set((await read()).map(({ place }) => place))],
    async close(place, reason) {
      const here = (await read()).filter((one) => one.place === place);
      for (const one of here) await stored(() => store.savePlace({ ...one, refused: reason }));
      invalidate();
    },
    invalidate,
  };
}

/** Returns the reason why a queue has no place, and the fix. */
function missingReason(
  queue: Queue | undefined,
  { queue: id, own }: { queue: string; own: QueuePlace | undefined },
): string {
  if (queue === undefined) return `The queue “${id}” is not in frontdesk.yaml any more`;
  if (queue.deskPlace === null) return `The queue “${id}” has no slack_channel in frontdesk.yaml: give it one`;
  const channel = queue.deskPlace.startsWith("#") ? queue.deskPlace : `#${queue.deskPlace}`;
  if (own?.refused != null) return `The queue “${id}” can't be shown in “${channel}”: ${own.refused}`;
  return `The queue “${id}”: there is no Slack channel “${channel}”, or the bot is not in it: invite it`;
}

const stored = <Value>(read: () => Promise<Value>): Promise<Value> =>
  asNotSent(read, () => "The channels of the desk's queues could not be read from the database");
