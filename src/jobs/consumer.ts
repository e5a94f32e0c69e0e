import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { type LaneJob, type LaneWorker, LOCK_MS, type QueueBackend } from "./backend.ts";
import type { Health } from "./health.ts";
import type { LaneName } from "./lanes.ts";
import type { LocalQueue } from "./local-queue.ts";

/** The way into this process: jobs of BullMQ, fetched one by one while the room has a seat for them. */
export interface Consumer {
  /** Takes no more jobs; resolves when none is on its way here. Those that run are still marked as done. */
  stop(): Promise<void>;
  /** Lets go of the backend. */
  close(): Promise<void>;
}

const jobSchema = z.object({ key: z.string() });

const TRY_AGAIN_MS = 250;
/** Three chances to renew a lock before it runs out. */
const RENEW_MS = LOCK_MS / 4;
const CLOSE_WITHIN_MS = 1_000;

interface ConsumerOptions {
  backend: QueueBackend;
  local: LocalQueue;
  health: Health;
}

/** Starts to pull. */
export function openConsumer(lane: LaneName, { backend, local, health }: ConsumerOptions): Consumer {
  const ending = new AbortController();
  const held = new Map<string, string>();
  let worker = backend.worker(lane);

  const carry = async (job: LaneJob, token: string): Promise<void> => {
    const id = job.id ?? token;
    if (ending.signal.aborted) {
      await job.moveToWait(token);
      return;
    }
    held.set(id, token);
    try {
      await local.runJob(jobSchema.parse(job.data).key, performance.now() - (Date.now() - job.timestamp));
    } finally {
      held.delete(id);
    }
    await job.moveToCompleted(null, token, false);
  };

  const loop = async (): Promise<void> => {
    let started = false;
    while (!ending.signal.aborted) {
      await local.waitForJobSlot();
      const token = randomUUID();
      try {
        if (!started) {
          await worker.waitUntilReady();
          await worker.startStalledCheckTimer();
        }
        started = true;
        // A blocking look that fails waits five seconds and then says that there was no job; a plain one throws.
        const block = !health.isDown();
        const job = await worker.getNextJob(token, { block });
        if (job || !block) health.recordSuccess();
        if (!job) continue;
        const carried = carry(job, token).catch(health.recordError);
        // A job that came too late goes back before anybody closes the way.
        if (ending.signal.aborted) await carried;
      } catch (error) {
        if (ending.signal.aborted) return;
        health.recordError(error);
        await pause(TRY_AGAIN_MS);
        // Readiness that failed once is remembered for ever by BullMQ: a new worker is the only way on.
        if (!started) worker = replaceWorker(worker, backend.worker(lane));
      }
    }
  };
  const renewal = setInterval(() => {
    if (held.size > 0) worker.extendJobLocks([...held.keys()], [...held.values()], LOCK_MS).catch(health.recordError);
  }, RENEW_MS);
  const looped = loop();

  return {
    async stop() {
      ending.abort();
      const interrupted = worker.getBackend().disconnectBlocking().catch(health.recordError);
      await Promise.race([Promise.all([interrupted, looped]), pause(CLOSE_WITHIN_MS)]);
    },
    async close() {
      clearInterval(renewal);
      await Promise.race([worker.close(true), pause(CLOSE_WITHIN_MS)]).catch(health.recordError);
    },
  };
}

function replaceWorker(old: LaneWorker, next: LaneWorker): LaneWorker {
  old.close(true).catch(() => {});
  return next;
}
