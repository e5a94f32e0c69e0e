/** The chores of the sweeping process, each in small pieces (P4, P5). */
import type { Settings } from "../content/settings.ts";
import type { Lanes } from "../jobs/lanes.ts";
import type { Logger } from "../lib/logger.ts";
import type { Db } from "../store/db.ts";
import { CLOSED_START, type ClosedPlace, endReopening } from "../store/end-reopening.ts";
import { pruneRows } from "../store/prune.ts";
import type { Chore } from "./chores.ts";
import { retentionChores } from "./retention.ts";
import { watchOpen } from "./watch.ts";

/** Time between two removals of rows that nothing reads any more. */
const PRUNE_EVERY_MS = 10 * 60_000;
/** A conversation ends to reopen about this late. */
const END_REOPENING_EVERY_MS = 1_000;
/** Time after which those that closed long ago, but were written to lately, are looked at again. */
const REOPENING_ROUND_MS = 5 * 60_000;

interface ChoresOptions {
  db: Db;
  lanes: Pick<Lanes, "wake">;
  log: Logger;
  /** The live settings. */
  settings: () => Pick<Settings, "reopenWithinMs" | "closeAfterMs" | "retention">;
}

/** Returns the chores; places at which they go on are kept in this process's memory. */
export function sweepChores({ db, lanes, log, settings }: ChoresOptions): Chore[] {
  const reopenWithinSeconds = () => settings().reopenWithinMs / 1_000;
  const closeAfterMs = () => settings().closeAfterMs;
  return [
    { name: "end reopening", everyMs: END_REOPENING_EVERY_MS, run: reopeningEnds(db, reopenWithinSeconds) },
    watchOpen({ db, lanes, log, closeAfterMs }),
    { name: "prune", everyMs: PRUNE_EVERY_MS, run: () => pruneRows(db) },
    ...retentionChores({ db, retention: () => settings().retention }),
  ];
}

/** Goes on behind the last page, so that what can't be ended yet is read once in a round, not every second. */
function reopeningEnds(db: Db, reopenWithinSeconds: () => number): Chore["run"] {
  let from: ClosedPlace = CLOSED_START;
  let roundAtMs = performance.now();
  return async () => {
    if (performance.now() - roundAtMs > REOPENING_ROUND_MS) {
      from = CLOSED_START;
      roundAtMs = performance.now();
    }
    const next = await endReopening(db, { reopenWithinSeconds: reopenWithinSeconds(), from });
    from = next ?? from;
    return { more: next !== null };
  };
}
