/**
 * Opt-outs: those known before, and the carrier's words of this batch. An opt-out holds from this commit on, before its
 * event is handled (schema-opt-outs.ts).
 */

/**
 * Looks up the opt-out of each item's thread as it stood before this batch, whose own words are events themselves. An
 * event carries what was known when it came, so its turn decides the same however often it is replayed. For an operator's
 * item the thread is that of the customer's conversation. Reads `suppression`.
 *
 * From `fresh`, `routed` and `operator_item` to `known_opt_out`.
 */
export const KNOWN_OPT_OUTS = `
known_opt_out as materialized (
  select f.n, json_build_object('at', s.since, 'word', s.word, 'ours', s.ours, 'endedAt', s.ended_at) as known
  from fresh f join routed using (n) left join operator_item o using (n)
  left join lateral (select channel, thread from conversation where id = o.conversation offset 0) c on true
  cross join lateral (
    select * from suppression
    where channel = coalesce(c.channel, f.channel) and thread = coalesce(c.thread, f.thread) offset 0
  ) s
)`;

/**
 * Decides: may we write to this thread? The last word of a thread in the batch decides whether it is opted out. Where an
 * opt-out is among its words, what waited to be sent before it never leaves, even if an opt-in follows.
 *
 * From `customer_item` on; writes `suppression` and `opt_in`.
 */
export const CARRIER_WORDS = `
carrier_word as materialized (
  select channel, thread, bool_or(kind = 'opt_out') as stopped, (array_agg(kind order by n desc))[1] = 'opt_in' as started,
         (array_agg(left(text, 100) order by n desc) filter (where kind = 'opt_out'))[1] as word,
         (array_agg(ours order by n desc) filter (where kind = 'opt_out'))[1] as ours
  from customer_item where kind in ('opt_out', 'opt_in') group by channel, thread
), stored_opt_out as (
  insert into suppression (channel, thread, since, word, ours, ended_at)
  select channel, thread, now(), word, ours, case when started then now() end from carrier_word where stopped
  order by channel, thread
  on conflict (channel, thread) do update set word = excluded.word, ours = excluded.ours, ended_at = excluded.ended_at,
    since = case when suppression.ended_at is null then suppression.since else excluded.since end
), stored_opt_in as (
  insert into opt_in (channel, thread, at) select channel, thread, now() from carrier_word where started order by channel, thread
  on conflict (channel, thread) do update set at = excluded.at
), ended_opt_out as (
  update suppression s set ended_at = now() from carrier_word k
  where not k.stopped and s.channel = k.channel and s.thread = k.thread and s.ended_at is null
)`;
