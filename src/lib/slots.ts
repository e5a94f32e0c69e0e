/** Slots for work that waits in line for one; first come, first served. */
export interface Slots {
  /** Takes a slot; the result gives it back. Rejects with the signal's reason when it aborts first. */
  take(signal: AbortSignal): Promise<() => void>;
}

export function createSlots(count: number): Slots {
  let free = count;
  const line = new Set<() => void>();
  const giveBack = (): void => {
    free++;
    const [first] = line;
    first?.();
  };
  return {
    take: (signal) =>
      new Promise((resolve, reject) => {
        const leave = (): void => void line.delete(enter);
        const abort = (): void => {
          leave();
          reject(signal.reason);
        };
        const enter = (): void => {
          leave();
          signal.removeEventListener("abort", abort);
          free--;
          resolve(giveBack);
        };
        if (signal.aborted) return abort();
        if (free > 0) return enter();
        signal.addEventListener("abort", abort, { once: true });
        line.add(enter);
      }),
  };
}
