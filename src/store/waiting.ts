/** Open conversations, with what is needed to say who answers next in each (U4). */
import {
  ANSWERER_KINDS,
  type AnswererKind,
  type NextAnswerer,
  nextAnswerer,
  type WaitingFacts,
} from "../domain/waiting.ts";
import type { Db, Statement } from "./db.ts";

/** Conversations counted at most, so that a count costs the same however many are open. */
export const COUNTED_MAX = 1_000;

const HELD = "('new', 'with us', 'waiting for the customer')";
const listLength = (name: string): string =>
  `case when json_typeof(s.state->'${name}') = 'array' then json_array_length(s.state->'${name}') else 0 end`;

// Rows of each conversation are looked up by its id, and nothing else: with other conditions beside it the planner may
// scan an index of all waiting rows.
const FACTS = `
select c.id, c.channel, c.version, c.joinable, contact.name as contact, (s.state->>'v')::int as format,
  case when k.status in ${HELD} or coalesce((s.state->'case'->>'held')::boolean, false) then
    json_build_object('queue', coalesce(k.queue, s.state->'case'->>'queue', ''), 'holder', coalesce(k.holder_name, k.holder),
                      'since', coalesce(k.updated_at, c.opened_at)) end as held,
  event.since as "eventSince", ask.found as ask, part.waiting as part, alarm.found as alarm,
  exists (select from alarm a where a.conversation = c.id) as clocked,
  coalesce(json_typeof(s.state->'prompt') = 'object', false) as prompt,
  ${listLength("runs")} + ${listLength("waiting")} + ${listLength("unread")} + (select count(*)::int from run where run.conversation = c.id) as runs,
  greatest(c.last_inbound_at, part.latest) as "quietSince",
  greatest(c.last_inbound_at, part.latest) < now() - $1::float8 * interval '1 millisecond' as silent
from page
cross join lateral (select * from conversation where conversation.id = page.id offset 0) c
cross join lateral (select c.state->'state' as state offset 0) s
left join lateral (select name from contact where contact.id = c.contact offset 0) contact on true
left join lateral (select status, queue, holder, holder_name, updated_at from "case" where conversation = c.id offset 0) k on true
left join lateral (
  select at as since from event where conversation = c.id and seq is null order by id limit 1) event on true
left join lateral (
  select json_build_object('of', coalesce(nullif(a.bulkhead, ''), a.request->>'kind'), 'since', a.due_at) as found
  from (select * from ask where conversation = c.id offset 0) a where a.answered_at is null order by a.due_at limit 1) ask on true
left join lateral (
  select json_build_object('id', a.id, 'dueAt', a.due_at) as found
  from (select * from alarm where conversation = c.id offset 0) a
  where a.id not like 'idle:%' and a.id not like 'undo:%' order by a.due_at limit 1) alarm on true
left join lateral (
  select max(o.created_at) as latest,
    (array_agg(json_build_object('channel', o.channel, 'since', o.created_at) order by o.id) filter (where o.waits))[1] as waiting
  from (select id, channel, created_at, outcome is null and content->>'desk' is null as waits
        from outbox where conversation = c.id offset 0) o) part on true
order by page.n`;

const NEXT: Statement = {
  name: "open_conversations",
  text: `
with page as materialized (
  select id, row_number() over (order by channel, id) as n from (
    select channel, id from conversation where closed_at is null and (channel, id) > ($2::text, $3::bigint)
    order by channel, id limit $4::int) open
)${FACTS}`,
};

const OLDEST: Statement = {
  name: "oldest_conversations",
  text: `
with recursive found (name) as (
  (select channel from conversation where closed_at is null order by channel limit 1)
  union all
  select (select channel from conversation where closed_at is null and channel > found.name order by channel limit 1)
  from found where found.name is not null
), page as materialized (
  select id, row_number() over (order by id) as n from found cross join lateral (
    select id from conversation where closed_at is null and channel = found.name order by id limit $2::int) open
  order by id limit $2::int
)${FACTS}`,
};

/** An open conversation, and its facts. */
export interface OpenConversation extends WaitingFacts {
  id: number;
  channel: string;
  version: number;
  joinable: boolean;
  /** The customer's name, "" where unknown. */
  contact: string;
  /** The version of its stored state; null before its first turn. */
  format: number | null;
  /** Nobody has written for as long as was asked about. */
  silent: boolean;
  /** An alarm of any kind is set. */
  clocked: boolean;
}

/** A place among the open conversations, behind which the next page begins. */
export interface OpenPlace {
  channel: string;
  id: number;
}

export const OPEN_START: OpenPlace = { channel: "", id: 0 };

/** Reads a page of open conversations, by channel and id. */
export async function openConversations(
  db: Db,
  o: { from: OpenPlace; limit: number; silentMs: number },
): Promise<OpenConversation[]> {
  return db.run<OpenConversation>(NEXT, [o.silentMs, o.from.channel, o.from.id, o.limit]);
}

export interface WaitingConversation {
  conversation: number;
  channel: string;
  contact: string;
  next: NextAnswerer;
}

/** Lists open conversations with their next answerers, oldest first. */
export async function listWaiting(db: Pick<Db, "run">, { limit }: { limit: number }): Promise<WaitingConversation[]> {
  const rows = await db.run<OpenConversation>(OLDEST, [0, limit]);
  return rows.map(({ id: conversation, channel, contact, ...facts }) => ({
    conversation,
    channel,
    contact: contact ?? "",
    next: nextAnswerer(facts),
  }));
}

/** Counts the next answerers of the oldest `COUNTED_MAX` open conversations. */
export async function countWaiting(db: Pick<Db, "run">): Promise<Record<AnswererKind, number>> {
  const counts = Object.fromEntries(ANSWERER_KINDS.map((kind) => [kind, 0])) as Record<AnswererKind, number>;
  for (const { next } of await listWaiting(db, { limit: COUNTED_MAX })) counts[next.kind]++;
  return counts;
}
