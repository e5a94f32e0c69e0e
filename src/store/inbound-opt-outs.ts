/** The parts of `store_inbound` that are about opt-outs: those known before, and the words of this batch (schema-opt-outs.ts). */

/** From `fresh`, `placed` and `bound` to `opted`: the opt-out of each item's thread. */
export const KNOWN_OPT_OUTS = `), opted as materialized (
  -- As it was before this batch, whose own words are events themselves.
  select f.n, json_build_object('at', s.since, 'word', s.word, 'ours', s.ours, 'endedAt', s.ended_at) as known
  from fresh f join placed using (n) left join bound b using (n)
  left join lateral (select channel, thread from conversation where id = b.conversation offset 0) c on true
  cross join lateral (
    select * from suppression
    where channel = coalesce(c.channel, f.channel) and thread = coalesce(c.thread, f.thread) offset 0
  ) s`;

/** From `customer` on: writes down the opt-outs and opt-ins of this batch. */
export const CARRIER_WORDS = `), keyword as materialized (
  -- The last word of a pair decides; where an opt-out is among them, what waited before it leaves no more.
  select channel, thread, bool_or(kind = 'opt_out') as stopped, (array_agg(kind order by n desc))[1] = 'opt_in' as started,
         (array_agg(left(body_text, 100) order by n desc) filter (where kind = 'opt_out'))[1] as word,
         (array_agg(said->>'ours' order by n desc) filter (where kind = 'opt_out'))[1] as ours
  from customer where kind in ('opt_out', 'opt_in') group by channel, thread
), opted_out as (
  insert into suppression (channel, thread, since, word, ours, ended_at)
  select channel, thread, now(), word, ours, case when started then now() end from keyword where stopped
  order by channel, thread
  on conflict (channel, thread) do update set word = excluded.word, ours = excluded.ours, ended_at = excluded.ended_at,
    since = case when suppression.ended_at is null then suppression.since else excluded.since end
), heard_in as (
  insert into opt_in (channel, thread, at) select channel, thread, now() from keyword where started order by channel, thread
  on conflict (channel, thread) do update set at = excluded.at
), opted_in as (
  update suppression s set ended_at = now() from keyword k
  where not k.stopped and s.channel = k.channel and s.thread = k.thread and s.ended_at is null`;
