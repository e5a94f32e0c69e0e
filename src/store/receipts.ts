import { DELIVERY_RANK, type DeliveryStatus } from "../domain/delivery.ts";
import type { Db, Statement } from "./db.ts";

// I8: a receipt updates its row; only a failure becomes an event, and for an operator's words also the delivery. A
// failure because the recipient has opted out suppresses the thread, unless they opted in after the part left.
const RECEIVE: Statement = {
  name: "store_receipt",
  text: `
with moved as (
  insert into delivery (channel, remote_id, status, rank, code, opted_out) values ($1, $2, $3, $4, $5, $6)
  on conflict (channel, remote_id) do update
  set status = excluded.status, rank = excluded.rank, code = excluded.code, opted_out = excluded.opted_out, updated_at = now()
  where delivery.rank < excluded.rank
  returning outbox, status, code, opted_out
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
on conflict (dedupe) where dedupe is not null do nothing
returning conversation`,
};

export interface Receipt {
  channel: string;
  remoteId: string;
  status: DeliveryStatus;
  code: string | null;
  /** True when it failed because the recipient has opted out. */
  optedOut: boolean;
}

/** Updates a delivery, also before its send has returned. Returns the conversation to wake, or null. */
export async function storeReceipt(db: Db, receipt: Receipt): Promise<number | null> {
  const { channel, remoteId, status, code, optedOut } = receipt;
  const [row] = await db.run<{ conversation: number }>(RECEIVE, [
    channel,
    remoteId,
    status,
    DELIVERY_RANK[status],
    code,
    optedOut,
  ]);
  return row?.conversation ?? null;
}
