/**
 * The sweep: once a second one process fires due alarms, finds waiting work that no process is handling, and wakes it. It
 * is the only crash recovery.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { Lanes } from "../jobs/lanes.ts";
import type { Logger } from "../lib/logger.ts";
import type { Meter } from "../lib/meter.ts";
import { PROCESS_NUMBER } from "../lib/process-number.ts";
import type { Stream } from "../store/claim-parts.ts";
import type { Db } from "../store/db.ts";
import { findWaiting, fireAlarms, SWEEP_START, type SweepPlace } from "../store/sweep.ts";
import { holdSweep, leaveSweep, type Sweeper } from "../store/sweeper.ts";
import { type Chore, doChores } from "./chores.ts";
import { STATE_VERSION } from "./core/state.ts";
import { createWakeBackoff, type WakeBackoff } from "./wake-backoff.ts";

/** Time between two sweeps. */
const SWEEP_EVERY_MS = 1_000;
/** Time between two attempts to become the sweeper. */
const TRY_EVERY_MS = 500;
/** Younger work is probably being handled right now. */
const IDLE_MS = 800;
/** Rows looked at by one sweep over all channels, and over all bulkheads; and of each of them at least and at most. */
const ROWS = { all: 4_000, least: 100, most: 1_000 } as const;
/** Statements of fired alarms per sweep, so that the rest of it is never far behind. */
const ALARM_STATEMENTS = 5;

/** Rows that this program writes and reads; programs of another format have a sweeper of their own. */
export const ROW_FORMAT = STATE_VERSION;

export interface SweepOptions {
  db: Db;
  lanes: Lanes;
  log: Logger;
  meter: Meter;
  /** True when the live content has a channel of this name. */
  hasChannel: (name: string) => boolean;
  /** Slower work of the process that sweeps; none of it holds the sweep up. */
  chores?: readonly Chore[];
  /** Number under which this process holds the sweep. */
  process?: number;
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
 * Sweeps until stopped. Of all processes on the database one sweeps; when it dies or stands still another takes over
 * within five seconds (P2). Two at once are harmless.
 */
export function startSweep(o: SweepOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const sweeper: Sweeper = { format: ROW_FORMAT, process: o.process ?? PROCESS_NUMBER };
  const mine = { now: false };
  const sweeping = sweepOn(o, { sweeper, mine, signal: stopping.signal });
  const working = doChores(o.chores ?? [], { isMine: () => mine.now, log: o.log, signal: stopping.signal });
  return {
    async stop() {
      stopping.abort();
      await Promise.all([sweeping, working]);
      if (mine.now) await leaveSweep(o.db, sweeper).catch(() => undefined);
    },
  };
}

interface Round {
  sweeper: Sweeper;
  /** Says to the chores whether this process sweeps. */
  mine: { now: boolean };
  signal: AbortSignal;
}

async function sweepOn(o: SweepOptions, { sweeper, mine, signal }: Round): Promise<void> {
  let troubled = false;
  let memory = emptyMemory();
  while (!signal.aborted) {
    try {
      const before = mine.now;
      mine.now = await holdSweep(o.db, sweeper);
      if (mine.now && !before) memory = emptyMemory();
      if (mine.now) await sweep(o, memory);
      troubled = false;
    } catch (error) {
      if (!troubled) o.log.warn({ err: error }, "sweep failed");
      troubled = true;
    }
    await pause(mine.now ? SWEEP_EVERY_MS : TRY_EVERY_MS, null, { signal, ref: false }).catch(() => null);
  }
}

/** Kept from one sweep to the next. */
interface Memory {
  place: SweepPlace;
  perGroup: number;
  backoff: WakeBackoff;
}

const emptyMemory = (): Memory => ({ place: SWEEP_START, perGroup: ROWS.least, backoff: createWakeBackoff() });

/** Sweeps once. Alarms come first, so that they never wait behind a backlog. */
async function sweep({ db, lanes, meter, hasChannel }: SweepOptions, memory: Memory): Promise<void> {
  const alarmed = await fireDueAlarms(db);
  for (const conversation of alarmed) lanes.wake("turn", String(conversation));
  const found = await findWaiting(db, { idleMs: IDLE_MS, from: memory.place, perGroup: memory.perGroup });
  memory.place = found.next;
  memory.perGroup = Math.max(ROWS.least, Math.min(ROWS.most, Math.floor(ROWS.all / Math.max(1, found.groups))));
  const nowMs = performance.now();
  const awake = <Of extends { head: string }>(kind: string, all: readonly Of[]): Of[] =>
    all.filter(({ head }) => memory.backoff.mayWake(`${kind} ${head}`, nowMs));
  const work = {
    conversations: awake("turn", found.conversations),
    asks: awake("answer", found.asks),
    streams: awake("part", found.streams),
  };
  for (const { conversation } of work.conversations) lanes.wake("turn", String(conversation), { swept: true });
  for (const { id } of work.asks) lanes.wake("answer", id, { swept: true });
  for (const stream of work.streams) {
    if (hasChannel(stream.channel)) lanes.wake(`deliver-${stream.channel}`, stream.thread, { swept: true });
    else lanes.wake(GONE_LANE, goneKey(stream), { swept: true });
  }
  meter.countSweep({
    conversations: work.conversations.length,
    asks: work.asks.length,
    streams: work.streams.length,
    alarms: alarmed.size,
  });
}

async function fireDueAlarms(db: Db): Promise<Set<number>> {
  const alarmed = new Set<number>();
  for (let n = 0; n < ALARM_STATEMENTS; n++) {
    const { fired, more } = await fireAlarms(db);
    for (const conversation of fired) alarmed.add(conversation);
    if (!more) break;
  }
  return alarmed;
}
