/** Removes closed conversations whole, with everything that belongs to them (P5). */
import type { Statement } from "./db.ts";

/** Conversations looked at, and removed, by one statement: each may have hundreds of rows. */
const PAGE_ROWS = 200;
const REMOVED_MAX = 20;

const BOUND = "now() - $1::float8 * interval '1 millisecond'";
/** Tables whose rows go by their conversation. */
const ROWS_OF = ["event", "ask", "alarm", "run", '"case"', "assignment", "audit", "model_call", "model_budget"];

const removals = ROWS_OF.map(
  (table, n) => `removed_${n} as (
  delete from ${table} where conversation = any(array(select id from removed))
)`,
).join(", ");

// A conversation that takes messages, waits or has unsettled parts stays until the next round. Inbound and turns lock a conversation
// before they write, so none gets new rows while it goes.
export const REMOVE_CONVERSATIONS: Statement = {
  name: "remove_conversations",
  text: `
with page as materialized (
  select id, closed_at from conversation
  where not joinable and closed_at is not null and closed_at < ${BOUND} and closed_at > coalesce($2::timestamptz, '-infinity')
  order by closed_at fetch first ${PAGE_ROWS} rows with ties
), old as materialized (
  select page.id from page
  where not exists (select from event where event.conversation = page.id and seq is null)
    and not exists (
      select from (select outcome from outbox where outbox.conversation = page.id offset 0) o where o.outcome is null)
    and not exists (
      select from (select answered_at from ask where ask.conversation = page.id offset 0) a where a.answered_at is null)
    and exists (select from conversation c where c.id = page.id and not c.joinable)
  order by page.closed_at limit ${REMOVED_MAX}
), locked as materialized (
  select c.id from conversation c
  where c.id = any(array(select id from old)) and not c.joinable and c.closed_at < ${BOUND}
  order by c.channel, c.thread, c.id for update of c skip locked
), removed as (
  delete from conversation where id = any(array(select id from locked)) returning id
), removed_message as (
  delete from message where conversation = any(array(select id from removed)) returning raw
), removed_raw as (
  delete from raw_inbound where id = any(array(select raw from removed_message where raw is not null))
), removed_part as (
  delete from outbox where conversation = any(array(select id from removed)) returning id
), removed_delivery as (
  delete from delivery where outbox = any(array(select id from removed_part))
), removed_file as (
  delete from file where conversation = any(array(select id from removed)) returning bytes
), counted as (
  update file_store set files = files - (select count(*) from removed_file),
    bytes = bytes - (select sum(bytes) from removed_file)
  where exists (select from removed_file)
), ${removals}
select (select count(*)::int from removed) as removed, case
  when (select count(*) from removed) = ${REMOVED_MAX} then coalesce($2::timestamptz, '-infinity')::text
  when count(*) >= ${PAGE_ROWS} then max(closed_at)::text end as next
from page`,
};
