/**
 * Names and profiles of senders. Some platforms send only an id along, and storing waits for nothing outside (I9), so they
 * are looked up once what was written is stored, and written to the contact, to the sender's messages and to their
 * conversations (store/learn-profile.ts).
 *
 * 1. Each sender is looked up once a day at most in each process, never twice at once, and few of them at once.
 * 2. A lookup that fails costs a name, never a message.
 * 3. Only the first turn of somebody without a name waits for it, and not for long: it would greet nobody, or call an
 *    operator by an id.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { InboundConnection, Profile } from "../adapter/adapter.ts";
import type { Inbound } from "../adapter/inbound.ts";
import { type Address, address } from "../domain/ids.ts";
import type { Lanes } from "../jobs/lanes.ts";
import { beforeAbort } from "../lib/before-abort.ts";
import { createLogThrottle } from "../lib/log-throttle.ts";
import type { Logger } from "../lib/logger.ts";
import type { Db } from "../store/db.ts";
import { learnProfile } from "../store/learn-profile.ts";
import { originalId } from "../store/long-id.ts";
import { retryUntilStored } from "../store/retry-until-stored.ts";
import type { StoredItem } from "../store/store-inbound.ts";
import { createMemory } from "./memory.ts";

export interface Names {
  /** The item with what is known of its sender already. Asks nobody. */
  withKnown<Item extends Inbound>(channel: string, item: Item): Item;
  /**
   * Has the sender of a stored item looked up where that is due. Resolves once their name is written down, or has taken
   * too long for their first turn to wait; null: nothing has to be waited for.
   */
  learn(channel: string, item: Inbound, stored: StoredItem): Promise<void> | null;
  close(): Promise<void>;
}

interface NamesOptions {
  /** Connections that look profiles up, by channel; filled after this is created. */
  connections: ReadonlyMap<string, Pick<InboundConnection, "profile">>;
  db: Db;
  lanes: Lanes;
  log: Logger;
}

/** The first turn of somebody unknown waits this long for a name; people notice a longer silence. */
const NAME_WITHIN_MS = 300;
/** A platform that has not answered by then will not. */
const LOOK_UP_WITHIN_MS = 10_000;
/** People seldom change their names. */
const KNOWN_FOR_MS = 24 * 3_600_000;
/** Time until a sender of whom the platform told nothing is looked up again. */
const UNKNOWN_FOR_MS = 5 * 60_000;
/** Senders that a process remembers: some hundred bytes each. */
const MAX_REMEMBERED = 10_000;
/** Lookups at once, far within what platforms allow (Slack's users.info: about 100 a minute). */
const AT_ONCE = 4;
/** Senders that may wait to be looked up; of more, the next message starts it. */
const MAX_WAITING = 1_000;

/** A sender that is being looked up, with the events that they made meanwhile. */
interface LookUp {
  events: number[];
  done: Promise<void>;
}

export function createNames({ connections, db, lanes, log }: NamesOptions): Names {
  const throttle = createLogThrottle();
  const memory = createMemory<Profile>({ max: MAX_REMEMBERED });
  const running = new Map<string, LookUp>();
  const slots = createSlots(AT_ONCE);
  const closing = new AbortController();

  async function lookUp(channel: string, from: Address, events: number[]): Promise<void> {
    const key = keyOf(channel, from);
    const profile = await slots(async () => {
      const asked = address(await originalId(db, from));
      return profileOf(connections.get(channel), asked, closing.signal);
    });
    memory.set(key, profile ?? {}, profile === null ? UNKNOWN_FOR_MS : KNOWN_FOR_MS);
    // From here on, items carry what is known.
    running.delete(key);
    if (profile !== null) await write(channel, from, { profile, events });
  }

  async function write(channel: string, from: Address, o: { profile: Profile; events: number[] }): Promise<void> {
    const { name = "", email = "", phone = "", language = "" } = o.profile;
    const learned = { channel, address: from, name, email, phone, language, events: o.events };
    for (const id of await retryUntilStored(() => learnProfile(db, learned))) lanes.wake("turn", String(id));
  }

  /** Starts or joins the lookup of a sender; null where there is none to do. */
  function begin(channel: string, item: Inbound & { from: Address }, event: number | null): Promise<void> | null {
    const key = keyOf(channel, item.from);
    const added = event === null ? [] : [event];
    const under = running.get(key);
    if (under !== undefined) {
      under.events.push(...added);
      return under.done;
    }
    const known = memory.get(key);
    if (known?.name !== undefined && !("displayName" in item))
      return write(channel, item.from, { profile: known, events: added }).catch(report);
    if (known !== undefined || running.size >= MAX_WAITING || closing.signal.aborted) return null;
    const lookup: LookUp = { events: added, done: Promise.resolve() };
    running.set(key, lookup);
    lookup.done = lookUp(channel, item.from, lookup.events)
      .catch(report)
      .finally(() => running.delete(key));
    return lookup.done;
  }

  function report(error: unknown): void {
    const fields = throttle("names");
    if (fields !== null) log.warn({ err: error, ...fields }, "name of a sender not written down");
  }

  return {
    withKnown(channel, item) {
      if (!hasSender(item)) return item;
      const known = memory.get(keyOf(channel, item.from));
      return known === undefined ? item : withProfile(item, known);
    },
    learn(channel, item, stored) {
      if (stored.outcome !== "stored" || !hasSender(item) || connections.get(channel)?.profile === undefined)
        return null;
      const done = begin(channel, item, stored.event);
      // A click comes with a handle only, by which people are not called.
      if (done === null || !(stored.unnamed || item.kind === "action")) return null;
      return Promise.race([done, pause(NAME_WITHIN_MS, undefined, { ref: false })]);
    },
    async close() {
      closing.abort(new Error("The channels were closed"));
      await Promise.allSettled([...running.values()].map(({ done }) => done));
    },
  };
}

const keyOf = (channel: string, from: string): string => `${channel}\n${from}`;

const hasSender = (item: Inbound): item is Inbound & { from: Address; displayName?: string } =>
  "from" in item && item.kind !== "moved";

function withProfile<Item extends Inbound & { from: Address }>(item: Item, { name, ...profile }: Profile): Item {
  if (name === undefined && Object.keys(profile).length === 0) return item;
  const own = "profile" in item ? item.profile : {};
  return { ...item, ...(name === undefined ? {} : { displayName: name }), profile: { ...profile, ...own } };
}

/** The platform's profile of a sender; null where it has none, fails, or does not answer. */
async function profileOf(
  connection: Pick<InboundConnection, "profile"> | undefined,
  from: Address,
  closing: AbortSignal,
): Promise<Profile | null> {
  const signal = AbortSignal.any([closing, AbortSignal.timeout(LOOK_UP_WITHIN_MS)]);
  const asked = (async () => (await connection?.profile?.(from, signal)) ?? null)();
  const profile = await beforeAbort(asked, signal).catch(() => null);
  return profile !== null && Object.values(profile).some((value) => value !== "") ? profile : null;
}

/** Runs at most `max` works at once; others wait for their turn, in order. */
function createSlots(max: number): <Value>(work: () => Promise<Value>) => Promise<Value> {
  const waiting: (() => void)[] = [];
  let taken = 0;
  return async (work) => {
    if (taken >= max) await new Promise<void>((go) => waiting.push(go));
    else taken++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) taken--;
      else next();
    }
  };
}
