import type { LaneHandler } from "./lanes.ts";

/** Facts about a finished run. */
export interface FinishedRun {
  key: string;
  ms: number;
  lagMs: number;
  /** The handler's error, or undefined. */
  error: unknown;
}

/** Share of the backlog that the sweep may fill. */
const SWEPT_SHARE = 0.75;

interface LocalQueueOptions {
  handler: LaneHandler;
  slots: number;
  backlog: number;
  signal: AbortSignal;
  onRun: (run: FinishedRun) => void;
}

/**
 * One lane in this process: slots, and a bounded backlog of keys that wait for a slot.
 *
 * 1. A key is in at most one of: running, backlog.
 * 2. A key woken while it runs goes to the end of the backlog, even past its bound: no wake is lost, and a busy key
 *    does not starve the others.
 * 3. Jobs from BullMQ have one slot of their own: a full backlog can delay them, but not stop them.
 */
export class LocalQueue {
  readonly #options: LocalQueueOptions;
  readonly #running = new Map<string, { wokenAt: number | null }>();
  readonly #backlog = new Map<string, number>();
  readonly #waiting: (() => void)[] = [];
  #closed = false;

  constructor(options: LocalQueueOptions) {
    this.#options = options;
  }

  /** Keys that wait for a slot. */
  get waiting(): number {
    return this.#backlog.size;
  }

  /**
   * Takes a wake. False when the backlog is full, so that the wake has to go to BullMQ. `swept`: it leaves room in the
   * backlog, so that what happens now does not wait behind a backlog of before.
   */
  enqueue(key: string, { swept = false } = {}): "here" | "joined" | false {
    const running = this.#running.get(key);
    if (running) {
      running.wokenAt ??= performance.now();
      return "joined";
    }
    if (this.#backlog.has(key)) return "joined";
    if (this.#closed) return false;
    if (this.#running.size >= this.#options.slots) {
      const room = this.#options.backlog * (swept ? SWEPT_SHARE : 1);
      if (this.#backlog.size >= room) return false;
      this.#backlog.set(key, performance.now());
      return "here";
    }
    void this.#begin(key, performance.now());
    return "here";
  }

  /** Runs a job's key now; resolves when done, or at once when the key is running already and will run again. */
  async runJob(key: string, wokenAt: number): Promise<void> {
    const running = this.#running.get(key);
    if (running) {
      running.wokenAt ??= wokenAt;
      return;
    }
    this.#backlog.delete(key);
    await this.#begin(key, wokenAt);
  }

  /** Resolves when the job slot is free. */
  async waitForJobSlot(): Promise<void> {
    while (!this.#closed && this.#running.size > this.#options.slots) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Takes no more wakes; returns the keys that waited, for other processes. */
  close(): string[] {
    this.#closed = true;
    const keys = [...this.#backlog.keys()];
    this.#backlog.clear();
    this.#tell();
    return keys;
  }

  /** Resolves when nothing runs, with the keys woken meanwhile. Call after `close()`. */
  async drain(): Promise<string[]> {
    while (this.#running.size > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.close();
  }

  async #begin(key: string, wokenAt: number): Promise<void> {
    const entry: { wokenAt: number | null } = { wokenAt: null };
    this.#running.set(key, entry);
    const startedAt = performance.now();
    let error: unknown;
    try {
      await this.#options.handler(key, this.#options.signal);
    } catch (thrown) {
      error = thrown ?? new Error("handler threw nothing");
    }
    this.#running.delete(key);
    this.#options.onRun({ key, ms: performance.now() - startedAt, lagMs: startedAt - wokenAt, error });
    if (entry.wokenAt !== null) this.#backlog.set(key, entry.wokenAt);
    if (!this.#closed) this.#next();
    this.#tell();
  }

  #next(): void {
    for (const [key, wokenAt] of this.#backlog) {
      if (this.#running.size >= this.#options.slots) return;
      this.#backlog.delete(key);
      void this.#begin(key, wokenAt);
    }
  }

  #tell(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
