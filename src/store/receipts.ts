import { DELIVERY_RANK, type DeliveryStatus } from "../domain/delivery.ts";
import type { Db, Statement } from "./db.ts";
import { ARRIVED_SINCE } from "./settle-parts.ts";

// I8: a receipt updates its row; only a failure becomes an event, and for an operator's words also the delivery. A
// failure because the recipient has opted out suppresses the thread, unless they opted in after the part left.
//
// A receipt with a key names its part before the send has returned. Where nobody waits for that answer any more, because
// the part was parked, or its outcome is unknown and its sender is gone, the receipt settles it as sent (E2); while a
// sender is at work, that one settles it.
const RECEIVE: Statement = {
  name: "store_receipt",
  text: `
with named as materialized (
  select o.id from outbox o
  where o.id = substring($7::text from '[0-9]{1,18}$')::bigint and o.channel = $1
    and $7 = 'fd-' || (select installation from schema_version limit 1) || '-' || o.id
), doubtful as materialized (
  select o.id, o.outcome as before from outbox o
  where o.id = (select id from named) and (coalesce(o.outcome, '') = 'parked'
    or (o.outcome is null and o.attempted_at is not null and (o.lease_until is null or o.lease_until < now())))
  for no key update of o
), moved as (
  insert into delivery (channel, remote_id, outbox, status, rank, code, opted_out)
  values ($1, $2, (select id from named), $3, $4, $5, $6)
  on conflict (channel, remote_id) do update
  set status = excluded.status, rank = excluded.rank, code = excluded.code, opted_out = excluded.opted_out,
      outbox = coalesce(delivery.outbox, excluded.outbox), updated_at = now()
  where delivery.rank < excluded.rank
  returning outbox, status, code, opted_out
), arrived as (
  update outbox o
  set outcome = 'sent', remote_id = $2, settled_at = now(), error = null, lease_until = null, in_flight_until = null
  from doubtful where o.id = (select id from doubtful) and o.id = doubtful.id
  returning o.id, doubtful.before, o.conversation, o.event, o.kind,
    case when o.kind = 'relay' or o.content->>'change' = 'edited' then o.content->>'ref' end as ref
), refused as materialized (
  select o.id, o.channel, o.thread, o.left_at
  from moved cross join lateral (
    select id, channel, thread, coalesce(attempted_at, created_at) as left_at from outbox where id = moved.outbox offset 0) o
  where moved.opted_out and moved.status in ('failed', 'undelivered') and not exists (
    select 1 from opt_in i where i.channel = o.channel and i.thread = o.thread and i.at >= o.left_at)
), suppressed as (
  insert into suppression (channel, thread, since) select channel, thread, left_at from refused
  on conflict (channel, thread) do update set since = excluded.since, word = null, ended_at = null
  where suppression.ended_at < excluded.since
)
insert into event (conversation, kind, payload, cause, dedupe)
select o.conversation, 'undelivered', json_strip_nulls(json_build_object('outbox', o.id, 'desk', false,
         'ref', case when o.kind = 'relay' then o.content->>'ref' end, 'outcome', 'failed', 'reason',
         'The platform reported ' || moved.status || coalesce(' (' || moved.code || ')', ''),
         'optedOut', case when o.id in (select id from refused) then true end)), o.event, 'settled:' || o.id
from moved join outbox o on o.id = moved.outbox
where moved.status in ('failed', 'undelivered')
union all
select o.conversation, 'delivered', json_build_object('ref', o.content->>'ref'), o.event, 'received:' || o.id || ':' || moved.status
from moved join outbox o on o.id = moved.outbox
where moved.status in ('delivered', 'read') and o.kind = 'relay'
union all
select a.conversation, 'delivered', json_build_object('ref', a.ref), a.event, 'accepted:' || a.id
from arrived a where a.kind = 'relay'
union all
select a.conversation, 'arrived', json_strip_nulls(json_build_object('outbox', a.id, 'ref', a.ref)), a.event, 'arrived:' || a.id
from arrived a where a.before = 'parked' and $3 not in ('failed', 'undelivered')
  and (select (c.state->'state'->>'v')::int from conversation c where c.id = a.conversation) >= ${ARRIVED_SINCE}
on conflict (dedupe) where dedupe is not null do nothing
returning conversation`,
};

export interface Receipt {
  channel: string;
  remoteId: string;
  /** Our key of the part (lib/remote-key.ts), where the platform repeats it. */
  key?: string | undefined;
  status: DeliveryStatus;
  code: string | null;
  /** True when it failed because the recipient has opted out. */
  optedOut: boolean;
}

/** Updates a delivery, also before its send has returned. Returns the conversation to wake, or null. */
export async function storeReceipt(db: Db, receipt: Receipt): Promise<number | null> {
  const { channel, remoteId, key, status, code, optedOut } = receipt;
  const [row] = await db.run<{ conversation: number }>(RECEIVE, [
    channel,
    remoteId,
    status,
    DELIVERY_RANK[status],
    code,
    optedOut,
    key ?? null,
  ]);
  return row?.conversation ?? null;
}
