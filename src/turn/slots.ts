/** Limits work that runs at the same time, where each piece needs much memory (the bytes of a file). */
export interface Slots {
  /** Runs the work when a slot is free, first come first served. Settles as the work does. */
  run<Value>(work: () => Promise<Value>): Promise<Value>;
}

export function createSlots(count: number): Slots {
  const waiting: (() => void)[] = [];
  let free = count;
  return {
    async run(work) {
      // A slot is passed to the next in line, not freed, so that a later caller can't take it in between.
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next === undefined) free++;
        else next();
      }
    },
  };
}
