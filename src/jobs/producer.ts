import { batch } from "../lib/batch.ts";
import type { LaneQueue, QueueBackend } from "./backend.ts";
import type { Health } from "./health.ts";
import type { LaneName } from "./lanes.ts";

/** The way out of this process: wakes become jobs of BullMQ, many in one command. */
export interface Producer {
  /** Resolves with whether the job was added. Never rejects. */
  add(wake: SentWake): Promise<boolean>;
  /** Jobs that wait at the backend. Rejects while it is down. */
  depth(): Promise<number>;
  close(): Promise<void>;
}

interface SentWake {
  key: string;
  dedupe: boolean;
}

/** Wakes that may wait for the backend in this process; beyond that they are the sweeper's. */
const MAX_PENDING = 10_000;
const MAX_BATCH = 256;
/** Covers a backend that hangs or has not come up: a batch waits no longer than this. */
const ADD_WITHIN_MS = 3_000;

/** Opens the way out of one lane. */
export function openProducer(lane: LaneName, { backend, health }: { backend: QueueBackend; health: Health }): Producer {
  let end = openQueue(backend.queue(lane));
  let pending = 0;

  const flush = async (wakes: readonly SentWake[]): Promise<boolean[]> => {
    if (!health.mayTry()) return wakes.map(() => false);
    // Readiness that failed once is remembered for ever by BullMQ: a new queue is the only way on.
    if (end.failed()) end = reopen(end, backend.queue(lane));
    try {
      await within(ADD_WITHIN_MS, async (isLate) => {
        await end.ready;
        if (!isLate()) await end.queue.addBulk(jobs(wakes));
      });
      health.recordSuccess();
      return wakes.map(() => true);
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
        await end.ready;
        return end.queue.getWaitingCount();
      });
    },
    async close() {
      await within(ADD_WITHIN_MS, () => end.queue.close()).catch(health.recordError);
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

function jobs(wakes: readonly SentWake[]): { name: string; data: unknown; opts: object }[] {
  const distinct = new Map(wakes.map((wake) => [`${wake.dedupe}:${wake.key}`, wake]));
  return [...distinct.values()].map(({ key, dedupe }) => ({
    name: "wake",
    data: { key },
    opts: {
      removeOnComplete: true,
      removeOnFail: true,
      attempts: 1,
      // A job id equal to the key would lose the wake that arrives while the job is active.
      ...(dedupe ? { deduplication: { id: key, keepLastIfActive: true } } : {}),
    },
  }));
}

async function within<Value>(ms: number, work: (isLate: () => boolean) => Promise<Value>): Promise<Value> {
  let late = false;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      late = true;
      reject(new Error(`the connection of the lanes gave no answer within ${ms} ms: timed out`));
    }, ms);
  });
  try {
    return await Promise.race([work(() => late), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
