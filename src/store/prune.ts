/** Removes rows that nothing reads any more, some at a time, so that no table grows with the days. */
import type { Db, Statement } from "./db.ts";

/** Rows of a kind that one look removes at most; the next one goes on. */
const PRUNED_ROWS = 1_000;
/** Only today's count is read; a week stays for whoever looks into a flood. */
const DAYS_KEPT = 7;
/** Ours, and longer than any platform takes to say that a message was refused: an opt-in since then is the newer word. */
const OPT_INS_KEPT_DAYS = 30;
/** An opt-out that ended keeps back only what still waits from before; a month stays for whoever asks. */
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

/** Removes old days of channels, old opt-ins and opt-outs that ended long ago; whether there may be more to remove. */
export async function prune(db: Db): Promise<{ more: boolean }> {
  const removed = await Promise.all([DAYS, OPT_OUTS, OPT_INS].map((statement) => db.run(statement, [])));
  return { more: removed.some(({ length }) => length === PRUNED_ROWS) };
}
