/**
 * Slots by bulkhead: work of one bulkhead waits only for others of the same (E5).
 *
 * 1. What waits in line holds an id, nothing else: no slot, no lease, no connection.
 * 2. First come, first served: what comes while others are in line goes behind them.
 * 3. A line is only a hint. Each freed slot wakes the first in line, and whatever is woken (by a sweep, too) tries again,
 *    so that a lost wake-up costs a sweep.
 */

/** Ids in one line at most, a megabyte at worst; what comes after them is left to the sweep. */
const LINE_LENGTH = 10_000;

export interface Bulkheads {
  /** Runs the work in a slot. Where none is free it only puts the id in line, to be woken. */
  run(id: string, place: { bulkhead: string; slots: number }, work: () => Promise<void>): Promise<void>;
  /** Takes it out of line: there is nothing to run. */
  leave(id: string): void;
}

interface Bulkhead {
  name: string;
  slots: number;
  running: Set<string>;
  line: Set<string>;
}

export function createBulkheads(wake: (id: string) => void, { lineLength = LINE_LENGTH } = {}): Bulkheads {
  const all = new Map<string, Bulkhead>();
  const lines = new Map<string, Bulkhead>();

  const leaveLine = (id: string) => {
    lines.get(id)?.line.delete(id);
    lines.delete(id);
  };
  const wakeFirst = ({ name, line, running, slots }: Bulkhead) => {
    for (const id of [...line].slice(0, slots - running.size)) wake(id);
    if (running.size + line.size === 0) all.delete(name);
  };
  const enter = (id: string, own: Bulkhead): boolean => {
    if (own.running.has(id)) return false;
    const before = lines.has(id) ? 0 : own.line.size;
    if (own.running.size + before < own.slots) {
      leaveLine(id);
      own.running.add(id);
      return true;
    }
    if (own.line.size < lineLength) lines.set(id, (own.line.add(id), own));
    return false;
  };

  return {
    async run(id, { bulkhead, slots }, work) {
      const own = all.get(bulkhead) ?? { name: bulkhead, slots, running: new Set<string>(), line: new Set<string>() };
      all.set(bulkhead, own);
      if (!enter(id, own)) return;
      try {
        await work();
      } finally {
        own.running.delete(id);
        wakeFirst(own);
      }
    },
    leave(id) {
      const own = lines.get(id);
      leaveLine(id);
      if (own !== undefined) wakeFirst(own);
    },
  };
}
