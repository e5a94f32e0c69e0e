/** One request on its way through the models of its tier. */
import { setTimeout as pause } from "node:timers/promises";
import type { ModelRequest, ModelUsage } from "../domain/model.ts";
import type { ModelLimits } from "../domain/model-settings.ts";
import { startDeadline } from "../lib/deadline.ts";
import type { Fence } from "../lib/fence.ts";

export interface CompleteOptions {
  /** Aborted when nobody wants the answer any more. */
  signal: AbortSignal;
  /** The claim under which it runs; without it nothing leaves any more. */
  fence?: Fence;
  /** Longest time for everything, with all tries. */
  deadlineMs: number;
}

export interface Run {
  request: ModelRequest;
  limits: ModelLimits;
  /** Aborted when it is cancelled, its claim has lapsed, or its time is over. */
  signal: AbortSignal;
  /** False when it is cancelled or its claim does not hold (E1). */
  mayLeave(): boolean;
  remainingMs(): number;
  /** Waits; resolves to false when the signal aborts. */
  wait(ms: number): Promise<boolean>;
  /** Of all requests so far. */
  spent: { usage: ModelUsage; costUsd: number };
}

/** Time in which bytes leave after the claim was checked, far above what that takes. */
const LEAVES_WITHIN_MS = 100;

interface RunOptions extends CompleteOptions {
  limits: ModelLimits;
  nowMs: () => number;
}

/** Begins the run of a request; `stop` ends its clock. */
export function startRun(request: ModelRequest, o: RunOptions): Run & { stop(): void } {
  const over = new AbortController();
  const untilMs = o.nowMs() + o.deadlineMs;
  const deadline = startDeadline(o.deadlineMs, () => over.abort(new Error("The time is over")));
  const signal = AbortSignal.any([o.signal, over.signal, ...(o.fence === undefined ? [] : [o.fence.signal])]);
  return {
    request,
    limits: o.limits,
    signal,
    mayLeave: () => !o.signal.aborted && (o.fence?.holds(LEAVES_WITHIN_MS) ?? true),
    remainingMs: () => Math.max(0, untilMs - o.nowMs()),
    wait: (ms) => pause(ms, true, { signal }).catch(() => false),
    spent: { usage: { input: 0, cached: 0, output: 0 }, costUsd: 0 },
    stop: () => deadline.stop(),
  };
}
