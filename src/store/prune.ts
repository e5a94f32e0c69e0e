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
/** Thirteen months, so that a month's costs can be compared with those of the same month a year before. */
const MODEL_CALLS_KEPT_DAYS = 400;
/** Answers older than this are asked for again: models and what customers write about change. */
const MODEL_ANSWERS_KEPT_DAYS = 7;
/** Our choice: ten megabytes, since an answer takes a kilobyte. */
const MODEL_ANSWERS_MAX = 10_000;

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

/** Its process died; until now it was only left out of the budgets. */
const LOST_MODEL_CALLS: Statement = {
  name: "lose_model_calls",
  text: `update model_call set outcome = 'lost' where id in (
    select id from model_call where outcome is null and expires_at < now() order by expires_at
    limit ${PRUNED_ROWS} for update skip locked)
    returning id`,
};

const MODEL_CALLS: Statement = {
  name: "prune_model_calls",
  text: `delete from model_call where id in (
    select id from model_call where at < now() - interval '${MODEL_CALLS_KEPT_DAYS} days' order by at
    limit ${PRUNED_ROWS} for update skip locked)
    returning id`,
};

const MODEL_DAYS: Statement = {
  name: "prune_model_days",
  text: `delete from model_budget where scope in (
    select scope from model_budget where conversation is null and at < now() - interval '${DAYS_KEPT} days' order by at
    limit ${PRUNED_ROWS} for update skip locked)
    returning scope`,
};

const MODEL_ANSWERS: Statement = {
  name: "prune_model_answers",
  text: `delete from model_cache where key in (
    select key from model_cache where at < greatest(now() - interval '${MODEL_ANSWERS_KEPT_DAYS} days',
      (select at from model_cache order by at desc offset ${MODEL_ANSWERS_MAX - 1} limit 1)) order by at
    limit ${PRUNED_ROWS} for update skip locked)
    returning key`,
};

const ALL: readonly Statement[] = [DAYS, OPT_OUTS, OPT_INS, LOST_MODEL_CALLS, MODEL_CALLS, MODEL_DAYS, MODEL_ANSWERS];

/** Removes old counts, opt-ins, long-ended opt-outs, and old calls and answers of models. `more` is true when there may be more to remove. */
export async function pruneRows(db: Db): Promise<{ more: boolean }> {
  const removed = await Promise.all(ALL.map((statement) => db.run(statement, [])));
  return { more: removed.some(({ length }) => length === PRUNED_ROWS) };
}
