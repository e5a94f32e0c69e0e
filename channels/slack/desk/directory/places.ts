import { SendError } from "../../../../src/adapter/send-error.ts";
import type { DeskStore, QueuePlace } from "../../../../src/desk/desk-store.ts";
import type { RemoteChannelId } from "../../../../src/domain/ids.ts";
import type { Queue } from "../../../../src/domain/queue.ts";
import type { Logger } from "../../../../src/lib/logger.ts";

export interface Places {
  /** The Slack channel that shows this queue's cases. Throws SendError (nothing was sent) where there is none. */
  of(queue: string): Promise<RemoteChannelId>;
  /** Why nothing may be shown in a Slack channel any more; null: nothing is known against it. */
  closed(channel: string): Promise<string | null>;
  /** Everything that may have been posted to. */
  all(): Promise<RemoteChannelId[]>;
  /** Nothing can be posted there, for this reason. */
  refuse(place: RemoteChannelId, reason: string): Promise<void>;
  /** What was known may be wrong: it is read, and looked up at Slack, again. */
  doubt(): void;
}

interface PlacesOptions {
  store: DeskStore;
  log: Logger;
  /** Asks for a fresh look at Slack. */
  wake: () => void;
  now?: () => number;
}

/** How long one process goes without asking what came of the keeper's look: somebody else may read along for so long. */
const FRESH_MS = 1_000;
/** For a channel that is nowhere to be seen: then its cases are shown in the default queue's. */
const LOOKED_FOR_MS = 30_000;
/** Until somebody has mended it, or the first look is done. */
const RETRY_MS = 15_000;

export function openPlaces(o: PlacesOptions): Places {
  const { store, now = Date.now } = o;
  let known: { at: number; places: QueuePlace[] } | null = null;
  const warned = new Set<string>();
  /** Since when a queue's channel was nowhere to be seen. */
  const missed = new Map<string, number>();
  const read = async (): Promise<QueuePlace[]> => {
    if (known !== null && now() - known.at < FRESH_MS) return known.places;
    const places = await asNotSent(() => store.places());
    known = { at: now(), places };
    return places;
  };
  const doubt = () => {
    known = null;
    o.wake();
  };
  return {
    async of(queue) {
      const places = await read();
      const own = places.find((place) => place.queue === queue);
      if (own?.refused === null) {
        missed.delete(queue);
        return own.place;
      }
      const instead = places.find(
        (place) => place.queue === (store.defaultQueue?.() ?? null) && place.refused === null,
      );
      const why = missing(
        store.queues().find(({ id }) => id === queue),
        { queue, own },
      );
      // A channel that was named wrong shows nobody anything; one that is looked for at this moment is worth a while.
      if (own === undefined && !missed.has(queue)) missed.set(queue, now());
      const soon = own === undefined && now() - (missed.get(queue) ?? 0) < LOOKED_FOR_MS;
      if (instead === undefined || soon) {
        o.wake();
        throw new SendError(why, { outcome: "not-sent", retry: { afterMs: RETRY_MS }, code: "no_place" });
      }
      if (!warned.has(queue))
        o.log.error({ queue, reason: why }, "a queue's cases are shown in the default queue's channel");
      warned.add(queue);
      return instead.place;
    },
    closed: async (channel) => (await read()).find(({ place }) => place === channel)?.refused ?? null,
    all: async () => [...new Set((await read()).map(({ place }) => place))],
    async refuse(place, reason) {
      const here = (await read()).filter((one) => one.place === place);
      for (const one of here) await asNotSent(() => store.savePlace({ ...one, refused: reason }));
      doubt();
    },
    doubt,
  };
}

/** Why a queue has no place, and what to do. */
function missing(queue: Queue | undefined, { queue: id, own }: { queue: string; own: QueuePlace | undefined }): string {
  if (queue === undefined) return `The queue “${id}” is not in frontdesk.yaml any more`;
  if (queue.deskPlace === null) return `The queue “${id}” has no slack_channel in frontdesk.yaml: give it one`;
  const channel = queue.deskPlace.startsWith("#") ? queue.deskPlace : `#${queue.deskPlace}`;
  if (own?.refused != null) return `The queue “${id}” can't be shown in “${channel}”: ${own.refused}`;
  return `The queue “${id}”: there is no Slack channel “${channel}”, or the bot is not in it: invite it`;
}

/** A read or write of our own before anything leaves. */
async function asNotSent<Value>(read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (cause) {
    const facts = { outcome: "not-sent", retry: { afterMs: 0 }, cause } as const;
    throw new SendError("Where the desk's queues are could not be read from the database", facts);
  }
}
