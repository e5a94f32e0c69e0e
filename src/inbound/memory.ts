/** Values that a process remembers for a while, up to a number of keys; the oldest is forgotten first. */
export interface Memory<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value, forMs: number): void;
}

/** `now`: milliseconds. */
export function createMemory<Value>({
  max,
  now = () => performance.now(),
}: {
  max: number;
  now?: () => number;
}): Memory<Value> {
  const kept = new Map<string, { value: Value; untilMs: number }>();
  return {
    get(key) {
      const found = kept.get(key);
      if (found === undefined || found.untilMs > now()) return found?.value;
      kept.delete(key);
      return undefined;
    },
    set(key, value, forMs) {
      // Deleted and set again, to be the youngest.
      kept.delete(key);
      kept.set(key, { value, untilMs: now() + forMs });
      const [oldest] = kept.keys();
      if (kept.size > max && oldest !== undefined) kept.delete(oldest);
    },
  };
}
