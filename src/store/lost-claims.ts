import { PROCESS_NUMBER } from "../lib/process-number.ts";
import { IN_FLIGHT_SECONDS, LEASE_SECONDS, type Stream } from "./claim-parts.ts";
import type { Db, Statement } from "./db.ts";
import type { Claimed } from "./heartbeat.ts";

/** A part as this process claimed it; `attempt`: the number of the claim. */
export type LostClaim = Claimed<number>;

// The times say that this process's claim was the first attempt and was never renewed: all three were set by it. A claim
// that took an earlier attempt over is left out, since that one may have left; so is one of an earlier build, which sets
// no time for its request and leaves the number of another claimant in place.
const FIND: Statement = {
  name: "find_lost_claims",
  text: `
select head.id, head.attempts as attempt, want.channel, want.thread
from json_to_recordset($1::json) as want(channel text, thread text) cross join lateral (
  select id, attempts, claimed_by, attempted_at, lease_until, in_flight_until
  from outbox where outbox.channel = want.channel and outbox.thread = want.thread and outcome is null
  order by id limit 1
) head
where head.claimed_by = $2 and head.lease_until = head.attempted_at + interval '${LEASE_SECONDS} seconds'
  and head.in_flight_until = head.attempted_at + interval '${IN_FLIGHT_SECONDS} seconds'`,
};

/**
 * Finds the first part of each stream, where this process's claim is its only attempt so far; else null. The caller knows
 * which claims it was told of, and that none is under way.
 */
export async function findLostClaims(db: Db, streams: readonly Stream[]): Promise<(LostClaim | null)[]> {
  const asked = streams.map(({ channel, thread }) => ({ channel, thread }));
  const rows = await db.run<LostClaim & Stream>(FIND, [JSON.stringify(asked), PROCESS_NUMBER]);
  return streams.map(({ channel, thread }) => {
    const row = rows.find((found) => found.channel === channel && found.thread === thread);
    return row === undefined ? null : { id: row.id, attempt: row.attempt };
  });
}
