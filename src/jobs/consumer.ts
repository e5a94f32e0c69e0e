import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { type LaneJob, type LaneWorker, LOCK_MS, type QueueBackend } from "./backend.ts";
import type { Health } from "./health.ts";
import type { LaneName } from "./lanes.ts";
import type { LocalQueue } from "./local-queue.ts";

/** Fetches jobs from BullMQ, one by one, while the local queue has a job slot. */
export interface Consumer {
  /** Fetches no more jobs; resolves when no fetch is in flight. Running jobs are still marked as completed. */
  stop(): Promise<void>;
  /** Closes the worker. */
  close(): Promise<void>;
}

const jobSchema = z.object({ key: z.string() });

const TRY_AGAIN_MS = 250;
/** Gives three chances to renew a lock before it expires. */
const RENEW_MS = LOCK_MS / 4;
const CLOSE_WITHIN_MS = 1_000;

interface ConsumerOptions {
  backend: QueueBackend;
  local: LocalQueue;
  health: Health;
}

/** Starts to fetch jobs. */
export function openConsumer(lane: LaneName, { backend, local, health }: ConsumerOptions): Consumer {
  const stopping = new AbortController();
  /** Tokens of the locks held, by job id. */
  const locks = new Map<string, string>();
  let worker = backend.worker(lane);

  const run = async (job: LaneJob, token: string): Promise<void> => {
    const id = job.id ?? token;
    if (stopping.signal.aborted) {
      await job.moveToWait(token);
      return;
    }
    locks.set(id, token);
    try {
      await local.runJob(jobSchema.parse(job.data).key, performance.now() - (Date.now() - job.timestamp));
    } finally {
      locks.delete(id);
    }
    await job.moveToCompleted(null, token, false);
  };

  const loop = async (): Promise<void> => {
    let started = false;
    while (!stopping.signal.aborted) {
      await local.waitForJobSlot();
      const token = randomUUID();
      try {
        if (!started) {
          await worker.waitUntilReady();
          await worker.startStalledCheckTimer();
        }
        started = true;
        // A blocking fetch that fails waits five seconds and reports no job; a plain one throws.
        const block = !health.isDown();
        const job = await worker.getNextJob(token, { block });
        if (job || !block) health.recordSuccess();
        if (!job) continue;
        const running = run(job, token).catch(health.recordError);
        // A job that arrived too late is returned before the connection closes.
        if (stopping.signal.aborted) await running;
      } catch (error) {
        if (stopping.signal.aborted) return;
        health.recordError(error);
        await pause(TRY_AGAIN_MS);
        // BullMQ remembers a failed readiness for ever, so a new worker is needed.
        if (!started) worker = replaceWorker(worker, backend.worker(lane));
      }
    }
  };
  const renewal = setInterval(() => {
    if (locks.size > 0)
      worker.extendJobLocks([...locks.keys()], [...locks.values()], LOCK_MS).catch(health.recordError);
  }, RENEW_MS);
  const polling = loop();

  return {
    async stop() {
      stopping.abort();
      const interrupted = worker.getBackend().disconnectBlocking().catch(health.recordError);
      await closingTime(Promise.all([interrupted, polling]));
    },
    async close() {
      clearInterval(renewal);
      await closingTime(worker.close(true)).catch(health.recordError);
    },
  };
}

/** Waits for it, `CLOSE_WITHIN_MS` at most. Its timer ends with it, because a timer keeps the process from ending. */
async function closingTime(closing: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const late = pause(CLOSE_WITHIN_MS, null, { signal: over.signal }).catch(() => null);
  await Promise.race([closing, late]).finally(() => over.abort());
}

function replaceWorker(old: LaneWorker, next: LaneWorker): LaneWorker {
  old.close(true).catch(() => {});
  return next;
}
