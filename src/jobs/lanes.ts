/** The lanes there are: one for turns, one for answers, one of deliveries per channel. No ":" in names: BullMQ refuses it. */
export type LaneName = "turn" | "answer" | `deliver-${string}`;

/** Does the work that waits under a key (a conversation, an ask, a thread); what there is to do stands in Postgres. */
export type LaneHandler = (key: string, signal: AbortSignal) => Promise<void>;

export interface RunOptions {
  /** Handlers at most side by side in this process, not counting one more for a job that came through BullMQ. */
  slots: number;
  /** Keys that may wait in this process before wakes go to BullMQ, where other processes see them; 0 for slow handlers. */
  backlog?: number;
}

/**
 * Wake-ups. They carry a key and nothing else: losing one costs time until the sweeper's next round, never a message.
 *
 * 1. After every wake the handler runs at least once, begun after the wake, unless the process or the backend dies.
 * 2. In one process a key's handler never runs twice at the same time. In several it may: the database guards that.
 * 3. A wake never throws, never blocks and never waits for the backend.
 */
export interface Lanes extends AsyncDisposable {
  /** Says that there is work under a key. `dedupe: false` (the sweeper) ignores what BullMQ believes is under way. */
  wake(lane: LaneName, key: string, o?: { dedupe?: boolean }): void;
  /** Runs a lane in this process. A handler that throws is logged; the sweeper brings its key back. */
  run(lane: LaneName, handler: LaneHandler, o: RunOptions): void;
  /** How many keys wait, here and at the backend, per lane that was used here. Throws while the backend is down. */
  depth(): Promise<Record<LaneName, number>>;
  /** Stops taking work, hands what waits here to the backend, and waits for running handlers up to a limit. */
  close(): Promise<void>;
}

/** How a wake went: run or kept in this process, added to BullMQ, joined to one already waiting, or lost to the sweeper. */
export type WakeOutcome = "here" | "job" | "joined" | "failed";

/** Told of everything that happens, for the metrics. */
export interface LaneObserver {
  onWake(lane: LaneName, how: WakeOutcome): void;
  /** A handler ran for `ms`, `lagMs` after its wake; `failed` when it threw. */
  onRun(lane: LaneName, run: { ms: number; lagMs: number; failed: boolean }): void;
}
