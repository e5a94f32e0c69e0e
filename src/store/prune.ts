/** Removes rows that nothing reads any more, some at a time, so that no table grows with the days. */
import type { Db, Statement } from "./db.ts";

/** Rows of a kind that one look removes at most; the next one goes on. */
const PRUNED_ROWS = 1_000;
/** Only today's count is read; a week stays for whoever looks into a flood. */
const DAYS_KEPT = 7;
/**
 * An opt-out that ended is read by parts that were decided before it did: those that still wait, and those whose refusal
 * comes late. Ours, and longer than any platform takes to say what became of a message.
 */
const ENDED_KEPT_DAYS = 30;

const DAYS: Statement = {
  name: "prune_channel_days",
  text: `delete from channel_day where (channel, day, shard) in (
    select channel, day, shard from channel_day
    where day < (now() at time zone 'utc')::date - ${DAYS_KEPT} limit ${PRUNED_ROWS} for update skip locked)
    returning channel`,
};

const OPT_OUTS: Statement = {
  name: "prune_suppressions",
  text: `delete from suppression where (channel, thread) in (
    select s.channel, s.thread from suppression s
    where s.ended_at < now() - interval '${ENDED_KEPT_DAYS} days' and not exists (
      select from outbox o where o.channel = s.channel and o.thread = s.thread and o.outcome is null
      and o.created_at <= s.ended_at)
    order by s.ended_at limit ${PRUNED_ROWS} for update of s skip locked)
    returning channel`,
};

/** Removes old days of channels and opt-outs that ended long ago; whether there may be more to remove. */
export async function prune(db: Db): Promise<{ more: boolean }> {
  const removed = await Promise.all([DAYS, OPT_OUTS].map((statement) => db.run(statement, [])));
  return { more: removed.some(({ length }) => length === PRUNED_ROWS) };
}
