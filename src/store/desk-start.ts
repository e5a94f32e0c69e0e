/**
 * Begins a conversation for an operator: contact, address, conversation and first event in one statement, in the same
 * lock order as inbound stores a customer's first message (store-inbound.ts).
 *
 * 1. The key comes first, so that a repeated request makes one conversation and one event.
 * 2. In a thread with a joinable conversation, the event joins that one.
 */
import type { Operator } from "../domain/case.ts";
import type { Address, ThreadId } from "../domain/ids.ts";
import type { Membership } from "../domain/reach.ts";
import type { Db, Statement } from "./db.ts";
import { keepLongIds, storableId } from "./long-id.ts";
import { operatorFacts } from "./operator-facts.ts";
import { storableJson } from "./text.ts";

export interface Start {
  /** The desk's channel, in which the key is unique and whose members are known. */
  desk: string;
  membership: Membership;
  key: string;
  operator: Operator;
  command: unknown;
  channel: string;
  thread: ThreadId;
  address: Address;
  /** For a new contact. */
  contact: { name: string; phone: string; email: string };
  at: Date;
}

const FACTS = {
  membership: "f.membership",
  channel: "f.desk",
  operator: "(f.operator->>'id')",
  content: "json_build_object('command', f.command)",
};

const START: Statement = {
  name: "desk_start",
  text: `
with given as materialized (
  select * from json_to_record($1::text::json) as x(desk text, membership text, key text, operator json, command json, channel text, thread text,
    address text, name text, phone text, email text, at timestamptz)
), key as (
  insert into dedupe_key (channel, key, raw)
  select desk, key, nextval('raw_inbound_id_seq') from given
  on conflict (channel, key) do update set repeats = dedupe_key.repeats + 1
  returning raw, repeats = 0 as fresh
), fresh as materialized (
  select given.*, key.raw from given cross join key where key.fresh
), known as materialized (
  select a.contact from fresh cross join lateral (
    select contact from address where address.channel = fresh.channel and address.value = fresh.address offset 0
  ) a
), newcomer as (
  insert into address (channel, value, contact)
  select channel, address, nextval('contact_id_seq') from fresh where not exists (select from known)
  on conflict (channel, value) do update set value = excluded.value
  returning contact, xmax = 0 as made
), made as (
  insert into contact (id, name, phone, email)
  select w.contact, f.name, f.phone, f.email from newcomer w cross join fresh f where w.made
  returning id, name, email, phone, language, blocked, attributes
), profile as materialized (
  select id, name, email, phone, language, blocked, attributes from made
  union all
  select c.id, c.name, c.email, c.phone, c.language, c.blocked, c.attributes
  from known cross join lateral (select * from contact where contact.id = known.contact offset 0) c
  union all
  -- Made by another process at this moment, so not visible here yet.
  select w.contact, f.name, f.email, f.phone, '', false, '{}'::jsonb from newcomer w cross join fresh f where not w.made
), spot as (
  insert into conversation (channel, thread, contact, last_inbound_at)
  select f.channel, f.thread, p.id, now() from fresh f cross join profile p
  on conflict (channel, thread) where joinable do update set last_inbound_at = excluded.last_inbound_at
  returning id
), kept as (
  insert into raw_inbound (id, channel, content_type, body, received_at, outcome)
  select raw, desk, 'application/json', convert_to($1::text, 'UTF8'), at, 'stored' from fresh
)
insert into event (conversation, kind, payload, dedupe)
select spot.id, 'operator',
       json_build_object('content', json_build_object('operator', f.operator, 'command', f.command), 'contact', to_json(p),
         'optOut', (select json_build_object('at', s.since, 'word', s.word, 'ours', s.ours, 'endedAt', s.ended_at)
           from suppression s where s.channel = f.channel and s.thread = f.thread),
         ${operatorFacts(FACTS)}),
       'start:' || f.desk || ':' || f.key
from fresh f cross join spot cross join profile p
returning conversation`,
};

const STARTED: Statement = {
  name: "desk_started",
  text: `select conversation from event where dedupe = 'start:' || $1 || ':' || $2`,
};

/** Begins a conversation, once per key. Returns its id. Throws what the database throws. */
export async function storeStart(db: Db, start: Start): Promise<number> {
  const { contact, ...rest } = start;
  await keepLongIds(db, [rest.thread, rest.address]);
  const given = { ...rest, thread: storableId(rest.thread), address: storableId(rest.address) };
  const [row] = await db.run<{ conversation: number }>(START, [storableJson({ ...given, ...contact })]);
  if (row !== undefined) return row.conversation;
  // The first request with this key has committed by now, but after our statement's snapshot.
  const [first] = await db.run<{ conversation: number }>(STARTED, [start.desk, start.key]);
  if (first === undefined) throw new Error(`The key ${start.key} is used, but not by a conversation`);
  return first.conversation;
}
