/**
 * Removes what was kept for long enough (P5), in small batches, the oldest first. Nothing of an open conversation, and
 * nothing that is not settled. Each kind is walked from a place on, so that what stays is not read again and again.
 */
import type { Retention } from "../domain/retention.ts";
import type { Db, Statement } from "./db.ts";
import { REMOVE_CONVERSATIONS } from "./retention-conversations.ts";

/** Rows removed by one statement. */
const BATCH_ROWS = 500;
/** Pages of the table of dedupe keys looked at by one statement: some thousand rows. */
const BATCH_BLOCKS = 64;

const BOUND = "now() - $1::float8 * interval '1 millisecond'";

// By id, which is nearly the order of time: the first younger row ends the round.
const RAW: Statement = {
  name: "remove_raw",
  text: `
with page as materialized (
  select id, received_at < ${BOUND} as old from raw_inbound where id > coalesce($2::bigint, 0) order by id limit ${BATCH_ROWS}
), removed as (
  delete from raw_inbound where id = any(array(
    select id from raw_inbound where id = any(array(select id from page where old)) for update skip locked))
  returning 1
)
select (select count(*)::int from removed) as removed,
  case when count(*) = ${BATCH_ROWS} and bool_and(old) then max(id)::text end as next
from page`,
};

// By the place in the table: rows written later fill the gaps, so that neither an index of times nor the order of ids
// leads to the old ones for long.
const KEYS: Statement = {
  name: "remove_dedupe_keys",
  text: `
with removed as (
  delete from dedupe_key where ctid = any(array(
    select ctid from dedupe_key
    where ctid >= ('(' || coalesce($2::bigint, 0) || ',0)')::tid
      and ctid < ('(' || coalesce($2::bigint, 0) + ${BATCH_BLOCKS} || ',0)')::tid
      and coalesce(seen_at, now()) < ${BOUND}
    limit ${BATCH_ROWS} for update skip locked))
  returning 1
)
select count(*)::int as removed, case
  when count(*) = ${BATCH_ROWS} then coalesce($2::bigint, 0)::text
  when coalesce($2::bigint, 0) + ${BATCH_BLOCKS} < pg_relation_size('dedupe_key') / current_setting('block_size')::bigint
    then (coalesce($2::bigint, 0) + ${BATCH_BLOCKS})::text end as next
from removed`,
};

/** Rows of conversations that closed long ago, in the order of their close. */
const ofClosed = (name: string, { old, remove }: { old: string; remove: string }): Statement => ({
  name,
  text: `
with page as materialized (
  select id, closed_at from conversation
  where not joinable and closed_at is not null and closed_at < ${BOUND} and closed_at > coalesce($2::timestamptz, '-infinity')
  order by closed_at fetch first ${BATCH_ROWS} rows with ties
), old as materialized (
  select r.id from page cross join lateral (${old} limit ${BATCH_ROWS}) r limit ${BATCH_ROWS}
), ${remove}
select (select count(*)::int from removed) as removed, case
  when (select count(*) from removed) = ${BATCH_ROWS} then coalesce($2::timestamptz, '-infinity')::text
  when count(*) >= ${BATCH_ROWS} then max(closed_at)::text end as next
from page`,
});

const JOURNAL = ofClosed("remove_journal", {
  old: "select id from event where event.conversation = page.id and seq is not null",
  remove: `removed as (
  delete from event where id = any(array(
    select id from event where id = any(array(select id from old)) for update skip locked)) returning 1
)`,
});

// The desk finds its cards and entries by its parts, so those go only with their conversation.
const PARTS = ofClosed("remove_parts", {
  old: `select o.id from (
    select id, outcome, settled_at, content from outbox where outbox.conversation = page.id offset 0) o
    where o.outcome is not null and o.settled_at < ${BOUND} and o.content->>'desk' is null`,
  remove: `removed as (
  delete from outbox where id = any(array(
    select id from outbox where id = any(array(select id from old)) for update skip locked)) returning id
), removed_delivery as (
  delete from delivery where outbox = any(array(select id from removed))
)`,
});

const FILES = ofClosed("remove_files", {
  old: "select id from file where file.conversation = page.id",
  remove: `removed as (
  delete from file where id = any(array(
    select id from file where id = any(array(select id from old)) for update skip locked)) returning bytes
), counted as (
  update file_store set files = files - (select count(*) from removed), bytes = bytes - (select sum(bytes) from removed)
  where exists (select from removed)
)`,
});

const REMOVALS: Readonly<Record<keyof Retention, Statement>> = {
  raw: RAW,
  dedupeKeys: KEYS,
  journal: JOURNAL,
  deliveredParts: PARTS,
  files: FILES,
  closedConversations: REMOVE_CONVERSATIONS,
};

/** A place behind what was looked at; null: the start. */
export type RetentionPlace = string | null;

/** Removes a batch of a kind that is older than `keptMs`. `next`: the place to go on at; null: the round is over. */
export async function removeOld(
  db: Db,
  kind: keyof Retention,
  { keptMs, from }: { keptMs: number; from: RetentionPlace },
): Promise<{ removed: number; next: RetentionPlace }> {
  const [row] = await db.run<{ removed: number; next: RetentionPlace }>(REMOVALS[kind], [keptMs, from]);
  return row ?? { removed: 0, next: null };
}
