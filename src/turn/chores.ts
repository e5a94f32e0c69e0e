/** Slower work of the process that sweeps, one piece after another and beside the sweep, which it never holds up. */
import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "../lib/logger.ts";

export interface Chore {
  /** Named in the log when it fails. */
  name: string;
  /** Time between two rounds of it. */
  everyMs: number;
  /** Does a bounded piece; `more`: the round is not over, and the next piece follows after `PIECE_EVERY_MS`. */
  run(): Promise<{ more: boolean }>;
}

/** Time between two looks at what is due, and so between two pieces of one chore: it bounds what each does a minute. */
const PIECE_EVERY_MS = 1_000;

interface ChoresOptions {
  /** True while this process sweeps. */
  isMine: () => boolean;
  log: Logger;
  signal: AbortSignal;
}

/** Does the chores until the signal is aborted, while this process sweeps. Failures are logged once until it works again. */
export async function doChores(chores: readonly Chore[], { isMine, log, signal }: ChoresOptions): Promise<void> {
  const plans = chores.map((chore) => ({ chore, atMs: 0, failing: false }));
  while (!signal.aborted) {
    for (const plan of isMine() ? plans : []) {
      if (signal.aborted || plan.atMs > performance.now()) continue;
      try {
        const { more } = await plan.chore.run();
        plan.atMs = performance.now() + (more ? 0 : plan.chore.everyMs);
        plan.failing = false;
      } catch (error) {
        if (!plan.failing) log.warn({ err: error, chore: plan.chore.name }, "chore failed");
        plan.failing = true;
        plan.atMs = performance.now() + plan.chore.everyMs;
      }
    }
    await pause(PIECE_EVERY_MS, null, { signal, ref: false }).catch(() => null);
  }
}
