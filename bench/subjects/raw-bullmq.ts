/** Reference: BullMQ alone. One job added per message, as a webhook's handler would, and one processed. */
import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { answerCalls } from "../calls.ts";

export type RawBullmqCalls = typeof calls;

/** The fastest number found on two cores. */
const CONCURRENCY = 64;
/** Concurrent adds, like the connections that post to the other subjects. */
const IN_FLIGHT = 128;

const calls = { start, run };
answerCalls(calls);

let queue: Queue | null = null;
let onDone: () => void = () => {};

async function start({ redisUrl }: { redisUrl: string }): Promise<void> {
  const connection = () => new Redis(redisUrl, { maxRetriesPerRequest: null });
  queue = new Queue("raw", { connection: connection(), prefix: "raw" });
  const worker = new Worker("raw", async () => undefined, {
    connection: connection(),
    prefix: "raw",
    concurrency: CONCURRENCY,
  });
  worker.on("completed", () => onDone());
  await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
}

/** Adds and processes that many jobs; returns the milliseconds from the first add to the last completion. */
async function run({ messages }: { messages: number }): Promise<{ ms: number }> {
  let done = 0;
  const allDone = new Promise<void>((resolve) => {
    onDone = () => ++done === messages && resolve();
  });
  const startedAt = performance.now();
  let next = 0;
  const adder = async (): Promise<void> => {
    for (let n = next++; n < messages; n = next++) {
      await queue?.add("message", { message: n }, { removeOnComplete: true, removeOnFail: true });
    }
  };
  await Promise.all([...Array.from({ length: IN_FLIGHT }, adder), allDone]);
  return { ms: performance.now() - startedAt };
}
