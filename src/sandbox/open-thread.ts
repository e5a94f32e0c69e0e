/** Opens the thread that runs blocks. */
import { once } from "node:events";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { THREAD_HEAP_MB, THREAD_STACK_MB } from "./limits.ts";

/** Starts a thread and waits until its engine is loaded. It has no environment, and keeps no process alive. */
export async function openThread(): Promise<Worker> {
  const ending = extname(fileURLToPath(import.meta.url));
  const program = new URL(`./thread${ending}`, import.meta.url).href;
  const thread = new Worker(ending === ".ts" ? fromSource(program) : `import(${JSON.stringify(program)})`, {
    eval: true,
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MB, stackSizeMb: THREAD_STACK_MB },
  });
  await once(thread, "message");
  thread.unref();
  return thread;
}

/** A script that runs TypeScript: what loads it in the process does not reach threads by itself. */
const fromSource = (program: string): string => {
  const tsx = import.meta.resolve("tsx/esm/api");
  return `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(program)}); })`;
};
