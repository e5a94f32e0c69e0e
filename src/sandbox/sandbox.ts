/**
 * Runs code blocks, one at a time, in a thread.
 *
 * A run ends by itself, by the engine's interrupt, or with its thread: the engine checks the time between steps, but
 * one step can take minutes (a search in long texts, a list of four thousand million gaps), and nothing within the
 * thread can end it. So the thread is ended, and the process goes on with its other work all the while.
 */
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { type CodeJob, type CodeResult, faulty, type ThreadJob, tooLong } from "./job.ts";
import { CODE_TIMEOUT_MS, INPUT_BYTES } from "./limits.ts";
import { openThread } from "./open-thread.ts";
import { startStopwatch } from "./stopwatch.ts";

export interface Sandbox extends AsyncDisposable {
  /** Runs a block after those before it. Throws when the thread breaks, which is a bug. */
  run: (job: CodeJob, options?: RunOptions) => Promise<CodeResult>;
}

interface RunOptions {
  timeoutMs?: number;
  /** A run that has not begun is not begun. */
  signal?: AbortSignal;
}

/** Added to the time of a run before its thread is ended: time to prepare the engine, and for its own interrupt. */
const GRACE_MS = 250;
/** Time between two looks at a run that is under way. */
const LOOK_MS = 50;

/** Opens a sandbox. Its thread is started by the first run, and by the one after it broke. */
export function openSandbox(open: () => Promise<Worker> = openThread): Sandbox {
  let thread: Worker | null = null;
  let last: Promise<unknown> = Promise.resolve();

  const end = async (): Promise<void> => {
    const ended = thread;
    thread = null;
    await ended?.terminate();
  };
  const begin = async (): Promise<Worker> => {
    const opened = await open();
    // A thread that breaks during a run is told there; one that breaks between runs is only replaced.
    opened.on("error", () => undefined).on("exit", () => (thread = thread === opened ? null : thread));
    return opened;
  };
  const perform = async ({ inputs, ...job }: CodeJob, { timeoutMs = CODE_TIMEOUT_MS, signal }: RunOptions) => {
    if (signal?.aborted === true) return faulty("cancelled", "It was called off before it began.");
    const values = JSON.stringify(job.inputNames.map((name) => (Object.hasOwn(inputs, name) ? inputs[name] : null)));
    if (Buffer.byteLength(values) > INPUT_BYTES)
      return faulty("memory", `Its inputs have more than ${INPUT_BYTES / 1_000_000} MB.`);
    try {
      thread ??= await begin();
      const result = await exchange(thread, { ...job, inputs: values, timeoutMs });
      if (result !== null) return result;
    } catch (error) {
      await end();
      throw error;
    }
    await end();
    return tooLong(timeoutMs);
  };

  return {
    run(job, options = {}) {
      const run = last.then(() => perform(job, options));
      last = run.catch(() => undefined);
      return run;
    },
    async [Symbol.asyncDispose]() {
      await last;
      await end();
    },
  };
}

/** The thread's result; null where it did not come in time. Throws when the thread breaks. */
async function exchange(thread: Worker, job: ThreadJob): Promise<CodeResult | null> {
  const over = new AbortController();
  const { signal } = over;
  const answer = once(thread, "message", { signal }).then(([result]) => result as CodeResult);
  const gone = once(thread, "exit", { signal }).then(([code]) => {
    throw new Error(`The thread of code blocks ended with ${String(code)}`);
  });
  thread.ref();
  thread.postMessage(job);
  try {
    return await Promise.race([answer, gone, timeUp(job.timeoutMs + GRACE_MS, signal)]);
  } finally {
    over.abort();
    thread.unref();
  }
}

/** Resolves with null when the time is over. */
async function timeUp(limitMs: number, signal: AbortSignal): Promise<null> {
  const watch = startStopwatch(limitMs);
  while (!watch.read()) await pause(LOOK_MS, undefined, { signal });
  return null;
}
