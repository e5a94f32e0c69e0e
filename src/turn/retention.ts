/** The chores that remove what was kept for long enough (P5); each kind has its own time. */
import { DEFAULT_RETENTION, type Retention } from "../domain/retention.ts";
import type { Db } from "../store/db.ts";
import { type RetentionPlace, removeOld } from "../store/retention.ts";
import type { Chore } from "./chores.ts";

/** Time between two looks. A batch follows each second while there is more, so a kind loses 30,000 rows a minute at most. */
const ROUND_EVERY_MS = 10 * 60_000;
/** Kinds that are walked by the time of the close go on where they stopped, and begin anew after this. */
const ANEW_AFTER_MS = 86_400_000;

interface RetentionOptions {
  db: Db;
  /** The live settings. */
  retention: () => Retention;
}

export function retentionChores({ db, retention }: RetentionOptions): Chore[] {
  return Object.keys(DEFAULT_RETENTION).map((name) => {
    const kind = name as keyof Retention;
    let from: RetentionPlace = null;
    let anewAtMs = performance.now() + ANEW_AFTER_MS;
    return {
      name: `retention: ${kind}`,
      everyMs: ROUND_EVERY_MS,
      async run() {
        const keptMs = retention()[kind];
        if (keptMs === null) return { more: false };
        if (performance.now() > anewAtMs) {
          from = null;
          anewAtMs = performance.now() + ANEW_AFTER_MS;
        }
        const { next } = await removeOld(db, kind, { keptMs, from });
        // A table without places by time is walked from its start again.
        if (next !== null || kind === "raw" || kind === "dedupeKeys") from = next;
        return { more: next !== null };
      },
    };
  });
}
