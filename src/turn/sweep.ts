/**
 * The sweep: once a second one process finds waiting work that no process is handling, and wakes it. It is the only
 * crash recovery, so it ignores BullMQ's deduplication: a dead job's key would swallow the wake-up.
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

/** Time between two sweeps. */
const SWEEP_EVERY_MS = 1_000;
/** Time between two removals of rows that nothing reads any more. */
const PRUNE_EVERY_MS = 10 * 60_000;
/** Younger work is probably being handled right now. */
const IDLE_MS = 800;
/** Key of the advisory lock: any number unique in the database. */
const SWEEP_LOCK = 0x66_64_73_77;

interface SweepOptions {
  db: Db;
  lanes: Lanes;
  log: Logger;
  meter: Meter;
  /** Time in which a message joins a closed conversation, seconds. */
  reopenWithinSeconds: () => number;
  /** True when the live content has a channel of this name. */
  hasChannel: (name: string) => boolean;
}

/**
 * Lane for parts of channels that are gone from frontdesk.yaml and have no lane any more; they fail here, and people
 * are told.
 */
export const GONE_LANE = "deliver-.gone";

/** Encodes a stream as a key of that lane; `goneStream` parses it. */
const goneKey = ({ channel, thread }: Stream): string => `${channel}\n${thread}`;
export function goneStream(key: string): Stream {
  const at = key.indexOf("\n");
  return { channel: key.slice(0, at), thread: key.slice(at + 1) };
}

/**
 * Sweeps until stopped. Of all processes on the database one sweeps; when it dies another takes over within a second.
 */
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

/** Sweeps while it holds the lock, on a connection of its own; returns where another process holds it. */
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
      // Checks the connection, since the lock is gone with it.
      await client.query("select 1");
      await sweep(o, backoff);
      if (performance.now() >= pruneAtMs && !(await pruneRows(o.db)).more)
        pruneAtMs = performance.now() + PRUNE_EVERY_MS;
      await pause(SWEEP_EVERY_MS, null, { signal, ref: false }).catch(() => null);
    }
  } finally {
    client.off("error", lost);
    // Closing the connection releases the lock in any state; without the lock it returns to the pool.
    client.release(mine || gone.signal.aborted);
  }
}

/** Sweeps once: turns due alarms into events, and wakes everything that waits. */
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
