import { batch } from "../lib/batch.ts";
import type { LaneQueue, QueueBackend } from "./backend.ts";
import type { Health } from "./health.ts";
import type { LaneName } from "./lanes.ts";
import { type Room, watchRoom } from "./room.ts";

/** Adds wakes to BullMQ as jobs, many in one command. */
export interface Producer {
  /** Resolves to true when the job was added. Never rejects. */
  add(wake: SentWake): Promise<boolean>;
  /** Counts jobs that wait at the backend. Rejects while it is down. */
  depth(): Promise<number>;
  close(): Promise<void>;
}

interface SentWake {
  key: string;
  /** Found waiting by the sweep. */
  swept: boolean;
}

/** Wakes that may wait in this process for the backend; further ones are left to the sweep. */
const MAX_PENDING = 10_000;
const MAX_BATCH = 256;
/**
 * Jobs of a lane that may wait at the backend; further wakes are left to the sweep, so that a broken channel does not fill
 * it (P2). The sweep's stop earlier, since it finds the rest again.
 */
const MAX_JOBS = { woken: 10_000, swept: 1_000 } as const;
/**
 * A swept wake of the same key is not repeated for this long. It has a key of its own, since a dead job's would swallow it,
 * and the key ends by itself.
 */
const SWEPT_ONCE_MS = 5_000;
/**
 * BullMQ's priority of swept wakes: those without one come first, so that what happens now does not wait behind a backlog of
 * before.
 */
const BEHIND_WOKEN = 1;
/** Longest wait of a batch for a backend that hangs or has not come up. */
const ADD_WITHIN_MS = 3_000;

/** Opens one lane's producer. */
export function openProducer(lane: LaneName, { backend, health }: { backend: QueueBackend; health: Health }): Producer {
  let open = openQueue(backend.queue(lane));
  let pending = 0;
  const waiting = () => open.queue.getJobCountByTypes("waiting", "prioritized");
  const room = watchRoom(waiting);

  const flush = async (wakes: readonly SentWake[]): Promise<boolean[]> => {
    if (!health.mayTry()) return wakes.map(() => false);
    // BullMQ remembers a failed readiness for ever, so a new queue is needed.
    if (open.failed()) open = reopen(open, backend.queue(lane));
    const added = new Set<SentWake>();
    try {
      await within(ADD_WITHIN_MS, async (isLate) => {
        await open.ready;
        const fitting = await fittingOf(wakes, room);
        if (isLate() || fitting.length === 0) return;
        room.recordAdded(fitting.length);
        for (const wake of fitting) added.add(wake);
        await open.queue.addBulk(jobsFor(fitting));
      });
      health.recordSuccess();
      return wakes.map((wake) => added.has(wake));
    } catch (error) {
      health.recordError(error);
      return wakes.map(() => false);
    }
  };
  const out = batch(flush, { max: MAX_BATCH, divisible: () => false });

  return {
    async add(wake) {
      if (pending >= MAX_PENDING) return false;
      pending++;
      try {
        return await out(wake);
      } finally {
        pending--;
      }
    },
    async depth() {
      return within(ADD_WITHIN_MS, async () => {
        await open.ready;
        return waiting();
      });
    },
    async close() {
      await within(ADD_WITHIN_MS, () => open.queue.close()).catch(health.recordError);
    },
  };
}

interface OpenQueue {
  queue: LaneQueue;
  ready: Promise<unknown>;
  failed(): boolean;
}

function openQueue(queue: LaneQueue): OpenQueue {
  let failed = false;
  const ready = queue.waitUntilReady();
  ready.catch(() => {
    failed = true;
  });
  return { queue, ready, failed: () => failed };
}

function reopen(old: OpenQueue, queue: LaneQueue): OpenQueue {
  old.queue.close().catch(() => {});
  return openQueue(queue);
}

/** The wakes for which the lane has room; those of the sweep come last. */
async function fittingOf(wakes: readonly SentWake[], room: Room): Promise<SentWake[]> {
  const woken = wakes.filter(({ swept }) => !swept);
  const swept = wakes.filter((wake) => wake.swept);
  const first = woken.slice(0, await room.fitting(woken.length, MAX_JOBS.woken));
  return [...first, ...swept.slice(0, await room.fitting(swept.length, MAX_JOBS.swept - first.length))];
}

function jobsFor(wakes: readonly SentWake[]): { name: string; data: unknown; opts: object }[] {
  const distinct = new Map(wakes.map((wake) => [`${wake.swept}:${wake.key}`, wake]));
  return [...distinct.values()].map(({ key, swept }) => ({
    name: "wake",
    data: { key },
    opts: {
      removeOnComplete: true,
      removeOnFail: true,
      attempts: 1,
      ...(swept ? { priority: BEHIND_WOKEN } : {}),
      // A job id equal to the key would lose the wake that arrives while the job is active.
      deduplication: swept ? { id: `sweep:${key}`, ttl: SWEPT_ONCE_MS } : { id: key, keepLastIfActive: true },
    },
  }));
}

async function within<Value>(ms: number, work: (isLate: () => boolean) => Promise<Value>): Promise<Value> {
  let late = false;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      late = true;
      reject(new Error(`the lane backend timed out after ${ms} ms`));
    }, ms);
  });
  try {
    return await Promise.race([work(() => late), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
