/**
 * Finds events whose turn kills or hangs its process (P1). A turn whose first event may have been lost once before leaves
 * a mark before it begins; an event with two marks and nobody at work on it is quarantined. Turns of fresh events leave
 * none, since a mark costs a write.
 */
import { batch } from "../lib/batch.ts";
import type { Db } from "../store/db.ts";
import type { PendingEvent } from "../store/load-turns.ts";
import { retryUntilStored } from "../store/retry-until-stored.ts";
import { beginTries, endTries } from "../store/tries.ts";

/** Marked tries after which an event is quarantined. */
const MAX_TRIES = 2;
/** Far longer than a turn takes: after this the process that marked it has died or stands still. */
const LOST_AFTER_MS = 10_000;
/** An event that waits for so long has perhaps been begun by a process that hangs. */
const SUSPICIOUS_AFTER_MS = 30_000;

export type Try =
  /** Nothing is known against it. */
  | { kind: "free" }
  /** Marked. `alone`: it was marked before, so it is tried without the events after it. */
  | { kind: "marked"; alone: boolean }
  /** Another process may be at work on it. */
  | { kind: "wait" }
  | { kind: "quarantine"; reason: string };

export interface Tries {
  /** Says how a turn may begin with this event, and marks it where needed. */
  begin(first: PendingEvent): Promise<Try>;
  /** Takes the mark back: the turn failed or lost a race, and this process goes on. */
  end(first: PendingEvent): Promise<void>;
}

export function createTries(db: Db): Tries {
  const begun = performance.now();
  const mark = batch(
    async (ids: readonly number[]) => {
      await beginTries(db, ids);
      return ids;
    },
    { max: 64, lanes: 2 },
  );
  return {
    async begin(first) {
      const { id, tries, triedMsAgo, ageMs } = first;
      const sinceTry = triedMsAgo ?? Number.POSITIVE_INFINITY;
      if (tries > 0 && sinceTry < LOST_AFTER_MS) return { kind: "wait" };
      if (tries >= MAX_TRIES)
        return { kind: "quarantine", reason: `Its turn was begun ${tries} times and never came to an end` };
      const olderThanWe = ageMs > performance.now() - begun;
      if (tries === 0 && !olderThanWe && ageMs < SUSPICIOUS_AFTER_MS) return { kind: "free" };
      await mark(id);
      return { kind: "marked", alone: tries > 0 };
    },
    end: ({ id }) => retryUntilStored(() => endTries(db, [id])),
  };
}
