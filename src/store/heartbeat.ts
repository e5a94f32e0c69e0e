/** Keeps the leases of what this process is working on; silent while there is nothing. */
export interface Heartbeat<Id> extends AsyncDisposable {
  /** Runs the work while its lease is kept alive. */
  during<Value>(id: Id, work: () => Promise<Value>): Promise<Value>;
}

/** A third of the lease: two beats may be late before another process takes over. */
const BEAT_MS = 650;

/** `renew` is told every id still at work, a few times per lease; when it fails the lease simply runs out. */
export function startHeartbeat<Id>(renew: (ids: readonly Id[]) => Promise<void>): Heartbeat<Id> {
  const held = new Set<Id>();
  let beating: NodeJS.Timeout | null = null;
  const beat = () => {
    void renew([...held]).catch(() => undefined);
  };
  const stop = () => {
    if (beating !== null) clearInterval(beating);
    beating = null;
  };
  return {
    async during(id, work) {
      held.add(id);
      beating ??= setInterval(beat, BEAT_MS).unref();
      try {
        return await work();
      } finally {
        held.delete(id);
        if (held.size === 0) stop();
      }
    },
    async [Symbol.asyncDispose]() {
      stop();
    },
  };
}
