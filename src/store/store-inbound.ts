/**
 * Stores what came in: raw form, dedupe keys, contact, conversation, message and event in one statement, which is one
 * round trip and one commit for a whole batch (I1, I2, I3).
 *
 * 1. Keys, addresses and conversations are upserted in sorted order, so that two batches never wait in a circle.
 * 2. An upsert answers with the row whoever made it, so two first messages of one sender make one conversation.
 * 3. Joins go over one column, `place` or `whose`: over two the planner expects no rows and compares each with each.
 *    Stored rows are looked up one by one by their key (`lateral … offset 0`), whatever the planner believes of sizes.
 * 4. Event ids are drawn in the order of the batch, while its conversations are locked: what customers write in one
 *    conversation is seen in the order of their ids, which is the order in which it is handled (T9). Operators' actions
 *    lock nothing: two from two processes are handled in the order of their ids only where both are seen by then.
 * 5. An opt-out holds from this commit on, whenever its turn comes (schema-opt-outs.ts). An event carries what was known
 *    of one when it came, so that its turn decides the same however often it is replayed.
 * 6. How much an address has written by each message (`pace`) is counted after the conversations are locked, and goes into
 *    the event, so that the turn can brake its sender (turn/core/brake.ts) without a look at the database; so does that it
 *    is the first too many (`first`), which the address remembers. Newcomers and `desk_start` lock an address before its
 *    conversation, so `held` waits for no address: a count that another transaction holds is read, and not raised.
 */
import { DEFAULT_LIMITS, type Pace } from "../domain/limits.ts";
import type { Db, Statement } from "./db.ts";
import { CARRIER_WORDS, KNOWN_OPT_OUTS } from "./inbound-opt-outs.ts";
import { flatten, type InboundRow } from "./inbound-rows.ts";
import { operatorFacts } from "./operator-facts.ts";
import { COUNTED, COUNTS_NOW } from "./sender-counts.ts";
import { storableJson } from "./text.ts";

export interface StoredItem {
  outcome: "stored" | "duplicate" | "ignored";
  conversation: number | null;
  /** Why it was ignored, or could not be stored as it was; null where it was stored. */
  reason: string | null;
}

const FACTS = { membership: "f.membership", channel: "f.channel", operator: "f.sender", said: "f.said" };

const STORE: Statement = {
  name: "store_inbound",
  text: `
with raw as materialized (
  select r, nextval('raw_inbound_id_seq') as id, channel, content_type, decode(body, 'base64') as body, received_at, membership
  from json_to_recordset($1::json) as x(r int, channel text, content_type text, body text, received_at timestamptz, membership text)
), item as materialized (
  select i.*, raw.id as raw, raw.channel, raw.received_at, raw.membership,
         raw.channel || E'\\n' || i.thread as place, raw.channel || E'\\n' || i.sender as whose
  from json_to_recordset($2::json) as i(n int, r int, kind text, spoken boolean, thread text, sender text, external_id text, name text,
       phone text, email text, language text, body_text text, attachments jsonb, said json, about bigint, site text, joins boolean, target text, reason text)
  join raw using (r) order by i.n
), most as materialized (
  select * from json_to_record($4::json) as l(minute int, hour int, day int)
), unasked as materialized (
  -- Not for us, as far as was said. Its keys are not kept: somebody may yet say that it is.
  select item.n from item
  where item.joins and item.place not in (select place from item where spoken and joins is not true)
    and not exists (select 1 from "case" k where k.desk_channel = item.channel and k.thread = item.thread)
    and not exists (
      select 1 from conversation c where c.channel = item.channel and c.thread = item.thread and c.joinable)
), given as materialized (
  select k.n, item.channel, k.key, item.raw
  from json_to_recordset($3::json) as k(n int, key text) join item using (n)
  where k.n not in (select n from unasked)
), key as (
  insert into dedupe_key (channel, key, raw)
  select channel, key, raw from given order by channel, key
  on conflict (channel, key) do update set repeats = dedupe_key.repeats + 1
  returning channel, key, repeats = 0 as fresh
), stale as materialized (
  select distinct given.n from given join key using (channel, key) where not key.fresh
), fresh as materialized (
  select item.* from item where item.n not in (select n from stale) order by item.n
), bound as materialized (
  select fresh.n, coalesce(held.conversation, named.id) as conversation
  from fresh
  left join lateral (
    select k.conversation from "case" k
    where k.desk_channel = fresh.channel and k.thread = fresh.thread offset 0
  ) held on true
  left join lateral (
    select c.id from conversation c where fresh.kind = 'action' and c.id = fresh.about offset 0
  ) named on true
  where coalesce(held.conversation, named.id) is not null
), at_desk as materialized (
  -- Where queues work, nobody who writes is a customer, whatever the thread.
  select fresh.n from fresh join desk_place d on d.channel = fresh.channel and d.place = fresh.site
  where fresh.n not in (select n from bound)
), customer as materialized (
  select fresh.*, row_number() over own as nth, count(*) over (partition by fresh.whose) as among from fresh
  where fresh.spoken and fresh.n not in (select n from bound) and fresh.n not in (select n from at_desk)
    and fresh.n not in (select n from unasked)
  window own as (partition by fresh.whose order by fresh.n)
), writer as materialized (
  select channel, sender, whose, count(*) as among, max(nth) filter (where kind in ('message', 'choice')) as heard
  from customer group by channel, sender, whose
), known as materialized (
  select writer.*, a.contact, ${COUNTS_NOW}
  from writer cross join lateral (
    select * from address where address.channel = writer.channel and address.value = writer.sender offset 0
  ) a
), newcomer as (
  insert into address as a (channel, value, contact, minute_count, hour_count, day_count, minute_told, hour_told, day_told)
  select w.channel, w.sender, nextval('contact_id_seq'), among, among, among,
         coalesce(heard > minute, false), coalesce(heard > hour, false), coalesce(heard > day, false)
  from writer w cross join most where whose not in (select whose from known)
  order by w.channel, w.sender
  on conflict (channel, value) do update set minute_count = a.minute_count + excluded.minute_count,
    hour_count = a.hour_count + excluded.hour_count, day_count = a.day_count + excluded.day_count
  returning channel || E'\\n' || value as whose, contact, xmax = 0 as made,
    minute_count, hour_count, day_count
), made as (
  insert into contact (id, name, phone, email, language)
  select distinct on (w.contact) w.contact, c.name, c.phone, c.email, c.language
  from newcomer w join customer c using (whose)
  where w.made order by w.contact, c.n
  returning id, name, email, phone, language, blocked, attributes
), who as materialized (
  select whose, contact from known union all select whose, contact from newcomer
), profile as materialized (
  select id, name, email, phone, language, blocked, attributes from made
  union all
  select c.id, c.name, c.email, c.phone, c.language, c.blocked, c.attributes
  from (select distinct contact from known) k
  cross join lateral (select * from contact where contact.id = k.contact offset 0) c
  union all
  -- Made by another process in this very moment, so not yet to be seen from here.
  select distinct on (w.contact) w.contact, c.name, c.email, c.phone, c.language, false, '{}'::jsonb
  from newcomer w join customer c using (whose) where not w.made
), spot as (
  insert into conversation (channel, thread, contact, last_inbound_at)
  select distinct on (c.channel, c.thread) c.channel, c.thread, who.contact, now()
  from customer c join who using (whose)
  order by c.channel, c.thread, c.n
  on conflict (channel, thread) where joinable do update set last_inbound_at = excluded.last_inbound_at
  returning id, channel || E'\\n' || thread as place
${COUNTED}
), placed as materialized (
  -- Drawn when the conversations are ours until the commit: what another process stores meanwhile comes after.
  select n, conversation, nextval('event_id_seq') as event_id, case when spoken then nextval('message_id_seq') end as message_id
  from (
    select c.n, spot.id as conversation, true as spoken from customer c join spot using (place)
    union all select n, conversation, false from bound order by n
  ) found
), amending as materialized (
  -- What its sender changed may have come a moment before, in this very batch.
  select f.n, coalesce(old.conversation, young.conversation) as conversation, coalesce(old.id, young.message_id) as message_id,
         nextval('event_id_seq') as event_id
  from fresh f
  left join lateral (
    select m.id, m.conversation from conversation c join message m on m.conversation = c.id
    where c.channel = f.channel and c.thread = f.thread and m.external_id = f.target and m.author = 'customer'
    order by m.id desc limit 1 offset 0
  ) old on true
  left join lateral (
    select p.conversation, p.message_id from customer c join placed p using (n)
    where c.place = f.place and c.external_id = f.target order by c.n desc limit 1 offset 0
  ) young on true
  where f.target is not null and f.n not in (select n from bound) and coalesce(old.id, young.message_id) is not null
), written as (
  insert into message (id, conversation, author, author_name, text, attachments, external_id, raw, at)
  select p.message_id, p.conversation, 'customer', c.name, c.body_text, c.attachments, c.external_id, c.raw,
         date_trunc('milliseconds', now())
  from customer c join placed p using (n) order by c.n
${KNOWN_OPT_OUTS}
), happened as (
  insert into event (id, conversation, kind, payload)
  select p.event_id, p.conversation,
         case when f.kind = 'action' or b.n is not null then 'operator' else f.kind end,
         case when f.kind = 'action' or b.n is not null
           then json_build_object('said', f.said, 'optOut', opted.known, ${operatorFacts(FACTS)})
           else json_build_object('message', p.message_id, 'said', f.said, 'contact', to_json(profile), 'optOut', opted.known, 'pace',
             json_strip_nulls(json_build_object('minute', paced.minute, 'hour', paced.hour, 'day', paced.day,
                                                'first', case when paced.first then true end))) end
  from fresh f join placed p using (n)
  left join bound b using (n)
  left join paced on paced.n = f.n
  left join opted on opted.n = f.n
  left join who on who.whose = f.whose
  left join profile on profile.id = who.contact
  union all
  select a.event_id, a.conversation, f.kind, json_build_object('message', a.message_id, 'said', f.said, 'contact', (
    select json_build_object('id', k.id, 'name', k.name, 'email', k.email, 'phone', k.phone, 'language', k.language,
                             'blocked', k.blocked, 'attributes', k.attributes)
    from conversation c join contact k on k.id = c.contact where c.id = a.conversation
    union all
    select to_json(profile) from customer y join placed p using (n) join who using (whose) join profile on profile.id = who.contact
    where p.conversation = a.conversation
    limit 1))
  from fresh f join amending a using (n)
  order by 1
${CARRIER_WORDS}
), verdict as materialized (
  select f.n, coalesce(placed.conversation, amending.conversation) as conversation,
         case when placed.n is null and amending.n is null then coalesce(f.reason, case
           when f.target is not null then 'unknown_message'
           when f.n in (select n from at_desk) then 'desk_place'
           when f.joins then 'not_addressed'
           else 'unknown_conversation' end) end as reason
  from fresh f left join placed using (n) left join amending using (n)
), kept as (
  insert into raw_inbound (id, channel, content_type, body, received_at, outcome, reason)
  select raw.id, raw.channel, raw.content_type, raw.body, raw.received_at,
         case when bool_or(v.reason is null) then 'stored' else 'ignored' end, min(v.reason)
  from raw join fresh f on f.raw = raw.id join verdict v using (n)
  group by raw.id, raw.channel, raw.content_type, raw.body, raw.received_at
)
select item.n, v.conversation,
       case when stale.n is not null then 'duplicate' when v.reason is null then 'stored' else 'ignored' end as outcome, v.reason
from item left join stale using (n) left join verdict v using (n) order by item.n`,
};

/**
 * Stores a batch; answers, per row, what became of each of its items. `most`: messages of one address, after which its
 * next one is the first too many. Throws what the database throws.
 */
export async function storeInbound(
  db: Db,
  rows: readonly InboundRow[],
  { most = DEFAULT_LIMITS.sender }: { most?: Pace } = {},
): Promise<StoredItem[][]> {
  const { raws, items, keys, twins } = flatten(rows);
  const stored = await db.run<StoredItem & { n: number }>(STORE, [
    storableJson(raws),
    storableJson(items),
    storableJson(keys),
    JSON.stringify(most),
  ]);
  const byN = new Map(stored.map(({ n, outcome, conversation, reason }) => [n, { outcome, conversation, reason }]));
  let n = 0;
  return rows.map((row) => row.items.map(() => byN.get(n++) ?? twinOf(twins.get(n - 1), byN)));
}

/** An item that repeats a key of an earlier one in the same batch is its duplicate before the database is asked. */
function twinOf(first: number | undefined, byN: ReadonlyMap<number, StoredItem>): StoredItem {
  const original = first === undefined ? undefined : byN.get(first);
  return { outcome: "duplicate", conversation: original?.conversation ?? null, reason: null };
}
