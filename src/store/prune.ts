/** Removes old rows that nothing reads, in batches, so that no table grows without limit. */
import type { Db, Statement } from "./db.ts";

/** Rows of each kind removed at most by one call. */
const PRUNED_ROWS = 1_000;
/** Only today's count is read; a week is kept for investigating floods. */
const DAYS_KEPT = 7;
/** Our choice: longer than any platform takes to report a refusal, which a later opt-in overrides. */
const OPT_INS_KEPT_DAYS = 30;
/** An ended opt-out only holds back parts that still wait from before; a month is kept for enquiries. */
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

const OPT_INS: Statement = {
  name: "prune_opt_ins",
  text: `delete from opt_in where (channel, thread) in (
    select channel, thread from opt_in where at < now() - interval '${OPT_INS_KEPT_DAYS} days'
    order by at limit ${PRUNED_ROWS} for update skip locked)
    returning channel`,
};

/** Removes old daily counts, old opt-ins and long-ended opt-outs. `more` is true when there may be more to remove. */
export async function pruneRows(db: Db): Promise<{ more: boolean }> {
  const removed = await Promise.all([DAYS, OPT_OUTS, OPT_INS].map((statement) => db.run(statement, [])));
  return { more: removed.some(({ length }) => length === PRUNED_ROWS) };
}
