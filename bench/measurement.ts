import type { Goal } from "./goal.ts";

/** Sizes of a run. */
export interface Sizes {
  /** Messages of one burst. */
  messages: number;
  /** Threads of a burst in which customers write several messages. */
  threads: number;
  rounds: number;
  /** Messages that wait when a worker starts. */
  backlog: number;
  /** Duration for which transactions are held open. */
  heldSeconds: number;
  /** Stored messages of the large installation. */
  stored: number;
  /** Parts that wait on statistics of an empty table. */
  waiting: number;
  /** Messages whose bytes on disk are counted, each with its answer. */
  exchanged: number;
  /** Conversations that wait for a model at once. */
  modelWaiting: number;
  /** Times that each transition is repeated. */
  repeats: number;
  /** Reports progress. */
  say: (words: string) => void;
}

/** Result of one measurement. */
export interface Measured {
  /** Figures behind the lines, as JSON. */
  figures: unknown;
  lines: readonly string[];
  goals: readonly Goal[];
}
