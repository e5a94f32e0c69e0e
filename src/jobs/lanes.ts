/** The lanes: one for turns, one for answers, one for deliveries per channel. BullMQ refuses ":" in names. */
export type LaneName = "turn" | "answer" | `deliver-${string}`;

/** Does the work that waits in PostgreSQL under a key (a conversation, an ask, a thread). */
export type LaneHandler = (key: string, signal: AbortSignal) => Promise<void>;

export interface RunOptions {
  /** Concurrent handlers at most in this process, plus one for a job from BullMQ. */
  slots: number;
  /** Keys that may wait in this process before wakes go to BullMQ and so to other processes; 0 for slow handlers. */
  backlog?: number;
}

/**
 * Wake-ups. They carry only a key: losing one delays work until the next sweep, never loses a message.
 *
 * 1. After every wake the handler runs at least once, started after the wake, unless the process or the backend dies.
 * 2. Within a process a key's handler never runs twice at the same time; across processes the database guards that.
 * 3. A wake never throws, never blocks and never waits for the backend.
 */
export interface Lanes extends AsyncDisposable {
  /**
   * Announces work under a key. `swept`: the sweep found it waiting, so jobs that BullMQ believes are under way do not
   * count; such wakes leave room for others, here and at the backend.
   */
  wake(lane: LaneName, key: string, o?: { swept?: boolean }): void;
  /** Runs a lane in this process. A handler's error is logged; the sweep wakes its key again. */
  run(lane: LaneName, handler: LaneHandler, o: RunOptions): void;
  /** Counts waiting keys, here and at the backend, per lane used in this process. Throws while the backend is down. */
  depth(): Promise<Record<LaneName, number>>;
  /** Stops taking work, moves waiting keys to the backend, and waits for running handlers up to a limit. */
  close(): Promise<void>;
}

/**
 * Outcome of a wake: run or queued in this process, added to BullMQ, joined to a waiting one, or left to the sweep
 * ("failed": the backend is down, or too many jobs of the lane wait there).
 */
export type WakeOutcome = "here" | "job" | "joined" | "failed";

/** Receives every wake and run, for the metrics. */
export interface LaneObserver {
  onWake(lane: LaneName, how: WakeOutcome): void;
  /** A handler ran for `ms`, `lagMs` after its wake; `failed` when it threw. */
  onRun(lane: LaneName, run: { ms: number; lagMs: number; failed: boolean }): void;
}
