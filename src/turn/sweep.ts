/**
 * The sweep: once a second one process looks for what waits although nobody is at work on it, and wakes it again. It is
 * the only crash recovery there is, so it ignores BullMQ's deduplication: a dead job's key would swallow its wake.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { Lanes } from "../jobs/lanes.ts";
import type { Logger } from "../lib/logger.ts";
import type { Meter } from "../lib/meter.ts";
import type { Stream } from "../store/claim-parts.ts";
import type { Db } from "../store/db.ts";
import { pruneRows } from "../store/prune.ts";
import { endReopening, findWaiting, fireAlarms } from "../store/sweep.ts";
import { createWakeBackoff, type WakeBackoff } from "./wake-backoff.ts";

/** Between two sweeps. */
const SWEEP_EVERY_MS = 1_000;
/** Between two looks for rows that nothing reads any more. */
const PRUNE_EVERY_MS = 10 * 60_000;
/** Whatever is younger is being handled right now, in all likelihood. */
const IDLE_MS = 800;
/** Any number that nothing else in the database uses as an advisory lock. */
const SWEEP_LOCK = 0x66_64_73_77;

interface SweepOptions {
  db: Db;
  lanes: Lanes;
  log: Logger;
  meter: Meter;
  /** How long a closed conversation may be joined again, seconds. */
  reopenWithinSeconds: () => number;
  /** Tells whether the live content has a channel of this name. */
  hasChannel: (name: string) => boolean;
}

/** Parts of channels that are gone from frontdesk.yaml, whose own lanes nobody runs, fail here, and people hear of it. */
export const GONE_LANE = "deliver-.gone";

/** The key of a stream in that lane, and back. */
const goneKey = ({ channel, thread }: Stream): string => `${channel}\n${thread}`;
export function goneStream(key: string): Stream {
  const at = key.indexOf("\n");
  return { channel: key.slice(0, at), thread: key.slice(at + 1) };
}

/** Sweeps until stopped. Of all processes on the database one sweeps; when it dies another takes over within a second. */
export function startSweep(o: SweepOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const done = sweepOn(o, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

async function sweepOn(o: SweepOptions, signal: AbortSignal): Promise<void> {
  let troubled = false;
  while (!signal.aborted) {
    try {
      await sweepAsOwner(o, signal);
      troubled = false;
    } catch (error) {
      if (!troubled) o.log.warn({ err: error }, "sweep failed");
      troubled = true;
    }
    await pause(SWEEP_EVERY_MS, null, { signal, ref: false }).catch(() => null);
  }
}

/** Holds the lock on a connection of its own for as long as it goes well; returns where another process holds it. */
async function sweepAsOwner(o: SweepOptions, signal: AbortSignal): Promise<void> {
  const client = await o.db.pool.connect();
  const gone = new AbortController();
  const lost = (): void => gone.abort();
  client.on("error", lost);
  let mine = false;
  try {
    const { rows } = await client.query("select pg_try_advisory_lock($1) as mine", [SWEEP_LOCK]);
    mine = rows[0]?.mine === true;
    if (!mine) return;
    let pruneAtMs = 0;
    const backoff = { conversations: createWakeBackoff<number>(), asks: createWakeBackoff<string>() };
    while (!signal.aborted && !gone.signal.aborted) {
      // Asked over the owner's connection: where it is gone, so is the lock.
      await client.query("select 1");
      await sweep(o, backoff);
      if (performance.now() >= pruneAtMs && !(await pruneRows(o.db)).more)
        pruneAtMs = performance.now() + PRUNE_EVERY_MS;
      await pause(SWEEP_EVERY_MS, null, { signal, ref: false }).catch(() => null);
    }
  } finally {
    client.off("error", lost);
    // Ending the connection gives the lock back, whatever state it is in; without the lock it goes back as it is.
    client.release(mine || gone.signal.aborted);
  }
}

/** One sweep: due alarms become events, and everything that waits is woken. */
async function sweep(
  { db, lanes, meter, reopenWithinSeconds, hasChannel }: SweepOptions,
  backoff: { conversations: WakeBackoff<number>; asks: WakeBackoff<string> },
): Promise<void> {
  const alarmed = await fireAlarms(db);
  await endReopening(db, reopenWithinSeconds());
  const nowMs = performance.now();
  const leftAlone = { conversations: backoff.conversations.paused(nowMs), asks: backoff.asks.paused(nowMs) };
  const waiting = await findWaiting(db, IDLE_MS, leftAlone);
  backoff.conversations.recordWakes(waiting.conversations, nowMs);
  backoff.asks.recordWakes(waiting.asks, nowMs);
  const conversations = new Set([...alarmed, ...waiting.conversations]);
  for (const conversation of conversations) lanes.wake("turn", String(conversation), { dedupe: false });
  for (const ask of waiting.asks) lanes.wake("answer", ask, { dedupe: false });
  for (const stream of waiting.streams) {
    if (hasChannel(stream.channel)) lanes.wake(`deliver-${stream.channel}`, stream.thread, { dedupe: false });
    else lanes.wake(GONE_LANE, goneKey(stream), { dedupe: false });
  }
  meter.countSweep({
    conversations: waiting.conversations.length,
    asks: waiting.asks.length,
    streams: waiting.streams.length,
    alarms: alarmed.length,
  });
}
