/** Renews the leases of this process's work; idle while there is none. */
export interface Heartbeat<Id> extends AsyncDisposable {
  /** Runs the work and renews its lease meanwhile. */
  during<Value>(id: Id, work: () => Promise<Value>): Promise<Value>;
}

/** A third of the lease, so that two beats may be late before another process takes over. */
const BEAT_MS = 650;

/** Starts a heartbeat. `renew` gets all ids in progress, a few times per lease; when it fails the lease expires. */
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
