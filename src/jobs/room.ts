/** Estimates how many jobs of a lane wait at the backend: counted again only when a bound seems to be reached. */
export interface Room {
  /** Returns how many of `wanted` jobs still fit below the bound. Rejects when counting fails. */
  fitting(wanted: number, bound: number): Promise<number>;
  recordAdded(jobs: number): void;
}

/** Time between two counts. */
const COUNT_EVERY_MS = 1_000;

/** `count` asks the backend. */
export function watchRoom(count: () => Promise<number>): Room {
  // At most this many: jobs leave without our knowing.
  let waiting = 0;
  let countedAtMs = Number.NEGATIVE_INFINITY;
  return {
    async fitting(wanted, bound) {
      if (waiting + wanted > bound && performance.now() - countedAtMs >= COUNT_EVERY_MS) {
        countedAtMs = performance.now();
        waiting = await count();
      }
      return Math.min(wanted, Math.max(0, bound - waiting));
    },
    recordAdded(jobs) {
      waiting += jobs;
    },
  };
}
