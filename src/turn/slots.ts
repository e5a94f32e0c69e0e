/** Bounds what is done at once, where each piece of work holds much (the bytes of a file). */
export interface Slots {
  /** Runs the work when a slot is free; who came first is first. Settles as the work does. */
  run<Value>(work: () => Promise<Value>): Promise<Value>;
}

export function createSlots(count: number): Slots {
  const waiting: (() => void)[] = [];
  let free = count;
  return {
    async run(work) {
      // A slot is handed on, not freed, where somebody waits: nobody who comes later can take it in between.
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
