/**
 * Renews the leases of this process's work, and tells each piece of work when its claim has lapsed (E1).
 *
 * 1. A renewal counts from before its statement was sent, and only where the database says that the row is still ours.
 * 2. When renewals fail or come late the fence lapses; the work's signal is aborted by the next beat.
 */
import { createFence, type Fence, type Moment, type MovingFence, moment } from "../lib/fence.ts";

/** A row as this process claimed it; another claim of it has another `attempt`. */
export interface Claimed<Id> {
  id: Id;
  attempt: number;
}

/** `since`: the moment before the claiming statement was sent. */
export type Claim<Id> = Claimed<Id> & { since: Moment };

/** Idle while there is no work. */
export interface Heartbeat<Id> extends AsyncDisposable {
  /** Runs the work behind its claim's fence, and renews the lease meanwhile. */
  during<Value>(claim: Claim<Id>, work: (fence: Fence) => Promise<Value>): Promise<Value>;
}

interface HeartbeatOptions<Id> {
  leaseMs: number;
  /** Renews the leases of these claims, a few times per lease; returns those that still are this process's. */
  renew: (claims: readonly Claimed<Id>[]) => Promise<readonly Claimed<Id>[]>;
}

/** A third of the lease, so that two beats may be late before the claim lapses. */
const BEATS_PER_LEASE = 3;

type Held<Id> = Claimed<Id> & { fence: MovingFence };

export function startHeartbeat<Id extends number | string>({ leaseMs, renew }: HeartbeatOptions<Id>): Heartbeat<Id> {
  const held = new Set<Held<Id>>();
  let beating: NodeJS.Timeout | null = null;
  const beat = () => {
    for (const { fence } of held) fence.check();
    void renewAll([...held], renew).catch(() => undefined);
  };
  const stop = () => {
    if (beating !== null) clearInterval(beating);
    beating = null;
  };
  return {
    async during({ id, attempt, since }, work) {
      const claim = { id, attempt, fence: createFence(since, { leaseMs }) };
      held.add(claim);
      beating ??= setInterval(beat, leaseMs / BEATS_PER_LEASE).unref();
      try {
        return await work(claim.fence);
      } finally {
        held.delete(claim);
        if (held.size === 0) stop();
      }
    },
    async [Symbol.asyncDispose]() {
      stop();
    },
  };
}

async function renewAll<Id>(held: readonly Held<Id>[], renew: HeartbeatOptions<Id>["renew"]): Promise<void> {
  const since = moment();
  const renewed = await renew(held.map(({ id, attempt }) => ({ id, attempt })));
  const ours = new Set(renewed.map(keyOf));
  for (const claim of held) {
    if (ours.has(keyOf(claim))) claim.fence.extend(since);
    else claim.fence.end();
  }
}

const keyOf = <Id>({ id, attempt }: Claimed<Id>): string => `${attempt} ${String(id)}`;
