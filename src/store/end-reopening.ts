/**
 * Ends the reopening of conversations that closed long ago: the next message of their thread opens a new one (I7). In pages
 * of an index, in the order of their close, with the locks that inbound takes in its order and never waited for (P4).
 */
import type { Db, Statement } from "./db.ts";

/** Conversations looked at by one call; few enough that inbound never waits noticeably for their locks. */
const PAGE_ROWS = 500;
/** Merges followed from a conversation to the case that people hold. */
const MERGES_MAX = 8;

// A conversation takes messages for as long as one that it was merged into is open, and then for the usual time.
const END: Statement = {
  name: "end_reopening",
  text: `
with page as materialized (
  select id, channel, thread, closed_at, last_inbound_at, merged_into from conversation
  where joinable and closed_at is not null and closed_at < now() - $1::int * interval '1 second'
    and (closed_at, id) > (coalesce($2::timestamptz, '-infinity'), $3::bigint)
  order by closed_at, id limit ${PAGE_ROWS}
), over as materialized (
  select page.id from page
  where page.last_inbound_at < now() - $1::int * interval '1 second'
    and not exists (
      with recursive other (id, closed_at, merged_into, n) as (
        select c.id, c.closed_at, c.merged_into, 1 from conversation c where c.id = page.merged_into
        union all
        select c.id, c.closed_at, c.merged_into, other.n + 1
        from other join conversation c on c.id = other.merged_into where other.n < ${MERGES_MAX}
      )
      select from other where closed_at is null or closed_at >= now() - $1::int * interval '1 second')
), locked as materialized (
  select c.id from conversation c
  where c.id = any(array(select id from over)) and c.joinable
    and c.closed_at < now() - $1::int * interval '1 second' and c.last_inbound_at < now() - $1::int * interval '1 second'
  order by c.channel, c.thread, c.id for no key update of c skip locked
), ended as (
  update conversation c set joinable = false where c.id = any(array(select id from locked))
)
select id, closed_at::text as "closedAt", (select count(*)::int from locked) as ended
from page order by page.closed_at desc, page.id desc limit 1 offset 0`,
};

/** Place behind which the next page begins. */
export interface ClosedPlace {
  closedAt: string | null;
  id: number;
}

export const CLOSED_START: ClosedPlace = { closedAt: null, id: 0 };

/**
 * Ends a page of them that closed before `reopenWithinSeconds`, and that nobody has written to since. Returns the place
 * behind the page, null where there was none: the next round begins at the start, for those that were written to.
 */
export async function endReopening(
  db: Db,
  { reopenWithinSeconds, from = CLOSED_START }: { reopenWithinSeconds: number; from?: ClosedPlace },
): Promise<ClosedPlace | null> {
  const [last] = await db.run<{ id: number; closedAt: string }>(END, [reopenWithinSeconds, from.closedAt, from.id]);
  return last === undefined ? null : { closedAt: last.closedAt, id: last.id };
}
