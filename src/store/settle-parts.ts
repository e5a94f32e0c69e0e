import type { Db, Statement } from "./db.ts";
import { keepLongIds, storedId } from "./long-id.ts";
import { storableJson } from "./text.ts";

/** The outcome of an attempt. */
export type Settlement = { id: number } & (
  | { outcome: "sent"; remoteId: string }
  /** Certainly not sent; tried again after a time, which the database's clock measures (E6). */
  | { outcome: "retry"; afterMs: number; error: string }
  /** Unknown, also to the platform so far; asked again after a time, and the attempt stays recorded. */
  | { outcome: "unclear"; afterMs: number; error: string }
  /**
   * Final; an event tells people. `optedOut`: the platform refused it because the recipient has opted out. `brake`: its
   * channel may send no more replies today.
   */
  | { outcome: "failed" | "parked" | "dropped"; error: string; optedOut?: boolean; brake?: "channel" }
);

/** `attempt`: number of the claim that it settles. */
export type SettledAttempt = Settlement & { attempt: number };

export interface Settled {
  /** The conversation to wake, where settling made an event for it; else null. */
  wake: number | null;
  /** True when the thread has more to send. */
  more: boolean;
}

/** First version of a conversation's state whose builds know the event `arrived`; older ones would set it aside. */
export const ARRIVED_SINCE = 3;

// A part counts as sent even when another process parked it meanwhile: delivery only moves forward (O3). All other
// outcomes count only from the part's latest claim: a process that lost the lease must not undo the next one's work
// (O2). A part that people were told of is reported as arrived (E2), to conversations of builds that can read that. A
// receipt that has named a part in doubt says that it was accepted, so that part is due at once. The next part is the
// first of its stream, whatever is due behind it: ordered by id, so that the stream's own index finds it.
const SETTLE: Statement = {
  name: "settle_parts",
  text: `
with given as materialized (
  select * from json_to_recordset($1::json)
       as g(id bigint, attempt int, outcome text, remote_id text, error text, after_ms float8, opted_out boolean, brake text)
), locked as materialized (
  select o.id, o.outcome as before from outbox o join given g on g.id = o.id
  where o.id = any($2::bigint[]) and case when g.outcome = 'sent'
    then coalesce(o.outcome, 'parked') = 'parked' else o.outcome is null and o.attempts = g.attempt end
  order by o.id for no key update of o
), settled as (
  update outbox o
  set outcome = case when g.outcome in ('retry', 'unclear') then null else g.outcome end,
      settled_at = case when g.outcome in ('retry', 'unclear') then null else now() end,
      attempted_at = case when g.outcome = 'retry' then null else o.attempted_at end,
      due_at = case when g.after_ms is null then o.due_at
        when g.outcome = 'unclear' and exists (select 1 from delivery d where d.outbox = o.id) then now()
        else now() + g.after_ms * interval '1 millisecond' end,
      lease_until = null, in_flight_until = null,
      remote_id = coalesce(g.remote_id, o.remote_id), error = g.error
  from given g join locked using (id) where o.id = g.id and o.id = any($2::bigint[])
  returning o.id, locked.before, o.conversation, o.event, o.channel, o.thread, o.message, g.outcome, g.error, g.brake, o.remote_id,
    case when g.outcome in ('failed', 'parked')
      then o.content->'desk' is not null or o.content->>'change' in ('answered', 'hint')
        -- Hints of earlier builds.
        or o.content->'hint' is not null end as desk,
    case when o.kind = 'relay' then o.content->>'ref' end as ref,
    case when o.kind = 'relay' or (o.content->>'change' = 'edited' and g.outcome <> 'dropped')
      then o.content->>'ref' end as told_ref, coalesce(o.attempted_at, o.created_at) as left_at, g.opted_out as refused,
    exists (select 1 from opt_in i where i.channel = o.channel and i.thread = o.thread
            and i.at >= coalesce(o.attempted_at, o.created_at)) as opted_in_since
), known as (
  insert into delivery (channel, remote_id, outbox, status, rank)
  select channel, remote_id, id, 'accepted', 0 from settled where outcome = 'sent' and message is not null
  order by channel, remote_id
  on conflict (channel, remote_id) do update set outbox = excluded.outbox
  returning outbox, status, code, opted_out
), opted_out as materialized (
  -- An opt-in after the part left is newer than a late refusal.
  select s.id, s.channel, s.thread, s.left_at from settled s left join known k on k.outbox = s.id
  where (s.refused or k.opted_out) and not s.opted_in_since
), refused as (
  insert into suppression (channel, thread, since)
  select channel, thread, max(left_at) from opted_out group by channel, thread order by channel, thread
  on conflict (channel, thread) do update set since = excluded.since, word = null, ended_at = null
  where suppression.ended_at < excluded.since
), told as (
  insert into event (conversation, kind, payload, cause, dedupe)
  select s.conversation, case s.outcome when 'dropped' then 'dropped' else 'undelivered' end,
         json_strip_nulls(json_build_object('outbox', s.id, 'desk', s.desk, 'ref', s.told_ref, 'outcome', s.outcome, 'reason', s.error,
           'optedOut', case when s.id in (select id from opted_out) then true end, 'brake', s.brake)),
         s.event, 'settled:' || s.id
  from settled s where s.outcome in ('failed', 'parked', 'dropped')
  union all
  select s.conversation, 'undelivered',
         json_strip_nulls(json_build_object('outbox', s.id, 'desk', false, 'ref', s.ref, 'outcome', 'failed',
           'reason', 'The platform reported ' || k.status || coalesce(' (' || k.code || ')', ''),
           'optedOut', case when s.id in (select id from opted_out) then true end)),
         s.event, 'settled:' || s.id
  from known k join settled s on s.id = k.outbox where k.status in ('failed', 'undelivered')
  union all
  -- Operators are shown how far their words have come.
  select s.conversation, 'delivered', json_build_object('ref', s.ref), s.event, 'accepted:' || s.id
  from settled s where s.outcome = 'sent' and s.ref is not null
  union all
  select s.conversation, 'arrived', json_strip_nulls(json_build_object('outbox', s.id, 'ref', s.told_ref)), s.event, 'arrived:' || s.id
  from settled s where s.before = 'parked' and s.id not in (select outbox from known where status in ('failed', 'undelivered'))
    and (select (c.state->'state'->>'v')::int from conversation c where c.id = s.conversation) >= ${ARRIVED_SINCE}
  on conflict (dedupe) where dedupe is not null do nothing
  returning conversation
)
select s.id, (select t.conversation from told t where t.conversation = s.conversation limit 1) as wake,
  s.outcome not in ('retry', 'unclear') and exists (
    select 1 from (select o.due_at from outbox o where o.channel = s.channel and o.thread = s.thread and o.outcome is null
                   and o.id <> s.id order by o.id limit 1) next where next.due_at <= now()) as more
from settled s`,
};

/** Settles a batch of attempts. Parts that are settled already stay as they are. */
export async function settleParts(db: Db, settlements: readonly SettledAttempt[]): Promise<Settled[]> {
  const rows = settlements.map((settlement) => ({
    id: settlement.id,
    attempt: settlement.attempt,
    outcome: settlement.outcome,
    remote_id: settlement.outcome === "sent" ? storedId(settlement.remoteId) : null,
    error: settlement.outcome === "sent" ? null : settlement.error,
    after_ms: "afterMs" in settlement ? settlement.afterMs : null,
    opted_out: "optedOut" in settlement && settlement.optedOut,
    brake: ("brake" in settlement ? settlement.brake : undefined) ?? null,
  }));
  await keepLongIds(
    db,
    settlements.flatMap((settlement) => (settlement.outcome === "sent" ? settlement.remoteId : [])),
  );
  const settled = await db.run<Settled & { id: number }>(SETTLE, [storableJson(rows), settlements.map(({ id }) => id)]);
  const byId = new Map(settled.map((row) => [row.id, { wake: row.wake, more: row.more }]));
  return settlements.map(({ id }) => byId.get(id) ?? { wake: null, more: false });
}
