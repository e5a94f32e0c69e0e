/**
 * Answers of reads that declare `cache:`, kept by a process for a while.
 *
 * 1. The key holds all that an answer depends on, the identity included: nobody gets another contact's answer.
 * 2. Only successes are kept, and only as long and as many as the bounds say.
 * 3. A write drops all answers of its connector, also those of reads that are still under way.
 */
interface Kept {
  connector: string;
  /** As JSON, so that nobody changes it. */
  json: string;
  atMs: number;
}

/** Our choice, with the longest answers some tens of megabytes. */
const MAX_ANSWERS = 1_000;

export interface Answers {
  /** The value of an answer that is at most that old; null: there is none. */
  get(key: string, o: { nowMs: number; maxAgeMs: number }): { value: unknown } | null;
  /** Number that changes with each write through a connector. */
  epoch(connector: string): number;
  /** Keeps a value, unless a write has come since the epoch. */
  keep(key: string, answer: { connector: string; epoch: number; value: unknown; atMs: number }): void;
  /** Drops all answers of a connector. */
  drop(connector: string): void;
}

export function createAnswers({ maxAnswers = MAX_ANSWERS } = {}): Answers {
  const kept = new Map<string, Kept>();
  const epochs = new Map<string, number>();
  const epoch = (connector: string): number => epochs.get(connector) ?? 0;
  return {
    get(key, { nowMs, maxAgeMs }) {
      const found = kept.get(key);
      return found === undefined || nowMs - found.atMs >= maxAgeMs
        ? null
        : { value: JSON.parse(found.json) as unknown };
    },
    epoch,
    keep(key, { connector, epoch: asked, value, atMs }) {
      if (asked !== epoch(connector)) return;
      kept.delete(key);
      kept.set(key, { connector, json: JSON.stringify(value), atMs });
      const oldest = kept.keys().next().value;
      if (kept.size > maxAnswers && oldest !== undefined) kept.delete(oldest);
    },
    drop(connector) {
      epochs.set(connector, epoch(connector) + 1);
      for (const [key, answer] of kept) if (answer.connector === connector) kept.delete(key);
    },
  };
}
