/**
 * Micro-batching without a timer. The first item is flushed at once; items that arrive during a flush are flushed
 * together after it. An idle system adds no latency, a busy one shares round trips and commits.
 *
 * 1. Items leave in the order they were added, at most `max` in a flush, one flush at a time per lane.
 * 2. A failed flush is bisected until the failing items are found (I6): the others succeed.
 */
export interface Batch<Item, Value> {
  (item: Item): Promise<Value>;
}

interface Waiting<Item, Value> {
  item: Item;
  resolve: (value: Value) => void;
  reject: (error: unknown) => void;
}

interface BatchOptions {
  max?: number;
  /** Items that may wait; more are rejected at once. */
  maxWaiting?: number;
  /** Concurrent flushes; 1 keeps the order. */
  lanes?: number;
  /** True when a failed flush may be split and tried again; false for a lost connection. */
  divisible?: (error: unknown) => boolean;
}

export function batch<Item, Value>(
  flush: (items: readonly Item[]) => Promise<readonly Value[]>,
  { max = 256, maxWaiting = Number.POSITIVE_INFINITY, lanes = 1, divisible = () => true }: BatchOptions = {},
): Batch<Item, Value> {
  const queue: Waiting<Item, Value>[] = [];
  let running = 0;

  async function settle(group: Waiting<Item, Value>[]): Promise<void> {
    try {
      const values = await flush(group.map((waiting) => waiting.item));
      for (const [at, waiting] of group.entries()) waiting.resolve(values[at] as Value);
    } catch (error) {
      if (group.length === 1 || !divisible(error)) {
        for (const waiting of group) waiting.reject(error);
        return;
      }
      const half = group.length >> 1;
      await settle(group.slice(0, half));
      await settle(group.slice(half));
    }
  }

  async function drain(): Promise<void> {
    running++;
    // One turn of the event loop gathers what arrived in the same tick.
    await Promise.resolve();
    while (queue.length > 0) await settle(queue.splice(0, max));
    running--;
  }

  return (item) =>
    new Promise<Value>((resolve, reject) => {
      if (queue.length >= maxWaiting) return reject(new Error(`${queue.length} items are waiting; try again later`));
      queue.push({ item, resolve, reject });
      if (running < lanes) void drain();
    });
}
