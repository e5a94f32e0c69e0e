/**
 * Finds waiting work that no process is handling, through partial indexes of waiting rows. Every query reads a bounded
 * page of each channel, each bulkhead and of the conversations, and the next sweep goes on behind it, so that its cost
 * depends neither on statistics nor on how much waits (P3), and a group that hangs never hides the others.
 */
import type { Stream } from "./claim-parts.ts";
import type { Db, Statement } from "./db.ts";

/** Alarms fired at most by one statement, and conversations looked at by one sweep. */
const SWEEP_ROWS = 1_000;

// Walks the index from one conversation to the next, however many events each has.
const EVENTS: Statement = {
  name: "sweep_events",
  text: `
with recursive waiting (conversation, event, at, n) as (
  (select conversation, id, at, 1 from event where seq is null and conversation > $2::bigint
   order by conversation, id limit 1)
  union all
  select next.conversation, next.id, next.at, w.n + 1
  from waiting w cross join lateral (
    select conversation, id, at from event where seq is null and conversation > w.conversation
    order by conversation, id limit 1) next
  where w.n < ${SWEEP_ROWS}
)
select conversation, event, at < now() - $1::int * interval '1 millisecond' as idle from waiting`,
};

interface DueRows {
  name: string;
  table: string;
  /** Column that names what shares its slots; the index has it first, then `due_at`. */
  group: string;
  /** Partial index's predicate, to the letter. */
  waits: string;
  id: "bigint" | "text";
  /** Columns that `free` or the caller reads beside the common ones, each with a comma behind it. */
  extra: string;
  /** True for a row that may be woken. */
  free: string;
}

/** A page of due rows of each group, oldest first, each behind the group's mark. */
const dueRows = ({ name, table, group, waits, id, extra, free }: DueRows): Statement => ({
  name,
  text: `
with recursive found (name) as (
  (select ${group} from ${table} where ${waits} order by ${group} limit 1)
  union all
  select (select ${group} from ${table} where ${waits} and ${group} > found.name order by ${group} limit 1)
  from found where found.name is not null
), mark as materialized (
  select * from json_to_recordset($2::json) as m(name text, "dueAt" timestamptz, id ${id})
), page as materialized (
  select found.name, due.*
  from found left join mark on mark.name = found.name
  cross join lateral (
    select ${extra} id, due_at, attempts, lease_until, attempted_at, in_flight_until from ${table} o
    where o.${group} = found.name and ${waits} and o.due_at <= now() - $1::int * interval '1 millisecond'
      and (o.due_at, o.id) > (coalesce(mark."dueAt", '-infinity'), coalesce(mark.id, '${id === "text" ? "" : "0"}'))
    order by o.due_at, o.id limit $3::int
  ) due
  where found.name is not null
)
select name, ${extra} id, due_at::text as "dueAt", attempts,
  (page.lease_until is null or page.lease_until < now())
  and (page.attempted_at is null or page.in_flight_until is null or page.in_flight_until < now())
  and ${free} as free
from page`,
});

// A cancelled ask without an answer was begun before it was called off, and still owes its outcome, also where it was
// handed back since (E4).
const ASKS = dueRows({
  name: "sweep_asks",
  table: "ask",
  group: "bulkhead",
  waits: "answered_at is null",
  id: "text",
  extra: "",
  free: "true",
});

// Only a stream's first part can be sent.
const PARTS = dueRows({
  name: "sweep_parts",
  table: "outbox",
  group: "channel",
  waits: "outcome is null",
  id: "bigint",
  extra: "thread,",
  free: `page.id = (select h.id from outbox h where h.channel = page.name and h.thread = page.thread
                    and h.outcome is null order by h.id limit 1)`,
});

// Rows are deleted by their place, since the planner may expect few and compare each with each.
const ALARMS: Statement = {
  name: "fire_alarms",
  text: `
with due as (
  delete from alarm where ctid = any(array(
    select ctid from alarm where due_at <= now() order by due_at limit ${SWEEP_ROWS} for update skip locked))
  returning conversation, id
)
insert into event (conversation, kind, payload)
select conversation, 'alarm', json_build_object('alarm', id) from due
returning conversation`,
};

/** The last row of a page, behind which the next one begins. */
interface Mark {
  name: string;
  dueAt: string;
  id: number | string;
}

/** Place at which the next sweep goes on. */
export interface SweepPlace {
  conversation: number;
  asks: readonly Mark[];
  parts: readonly Mark[];
}

export const SWEEP_START: SweepPlace = { conversation: 0, asks: [], parts: [] };

/** `head` changes with every step forward, so that work woken in vain is told from work that goes on. */
type Waiting<Of> = Of & { head: string };

export interface WaitingWork {
  conversations: Waiting<{ conversation: number }>[];
  asks: Waiting<{ id: string }>[];
  streams: Waiting<Stream>[];
  /** Number of channels, or of bulkheads where those are more, with due work. */
  groups: number;
  next: SweepPlace;
}

interface DueRow extends Mark {
  attempts: number;
  free: boolean;
  thread: string;
}

interface FindOptions {
  /** Younger work is left out. */
  idleMs: number;
  /** Default: the start. */
  from?: SweepPlace;
  /** Rows looked at of each channel and of each bulkhead. */
  perGroup?: number;
}

/** Finds unhandled work that has waited longer than `idleMs`, and the place behind what it looked at. */
export async function findWaiting(
  db: Db,
  { idleMs, from = SWEEP_START, perGroup = SWEEP_ROWS }: FindOptions,
): Promise<WaitingWork> {
  const [events, asks, parts] = await Promise.all([
    db.run<{ conversation: number; event: number; idle: boolean }>(EVENTS, [idleMs, from.conversation]),
    db.run<DueRow>(ASKS, [idleMs, JSON.stringify(from.asks), perGroup]),
    db.run<DueRow>(PARTS, [idleMs, JSON.stringify(from.parts), perGroup]),
  ]);
  const head = ({ id, attempts, dueAt }: DueRow) => `${id} ${attempts} ${dueAt}`;
  return {
    conversations: events
      .filter(({ idle }) => idle)
      .map(({ conversation, event }) => ({ conversation, head: String(event) })),
    asks: asks.filter(({ free }) => free).map((row) => ({ id: String(row.id), head: head(row) })),
    streams: parts
      .filter(({ free }) => free)
      .map((row) => ({ channel: row.name, thread: row.thread, head: head(row) })),
    groups: Math.max(...[asks, parts].map((rows) => new Set(rows.map(({ name }) => name)).size)),
    next: {
      conversation: events.length < SWEEP_ROWS ? 0 : (events.at(-1)?.conversation ?? 0),
      asks: marks(asks, perGroup),
      parts: marks(parts, perGroup),
    },
  };
}

/** Last rows of the groups whose page was full; the others begin anew. */
function marks(rows: readonly DueRow[], perGroup: number): Mark[] {
  const counted = new Map<string, { last: DueRow; rows: number }>();
  for (const row of rows) counted.set(row.name, { last: row, rows: (counted.get(row.name)?.rows ?? 0) + 1 });
  return [...counted.values()]
    .filter((group) => group.rows === perGroup)
    .map(({ last: { name, dueAt, id } }) => ({ name, dueAt, id }));
}

/** Turns due alarms into events, a limited number at a time. Returns the conversations to wake. */
export async function fireAlarms(db: Db): Promise<{ fired: number[]; more: boolean }> {
  const rows = await db.run<{ conversation: number }>(ALARMS, []);
  return { fired: [...new Set(rows.map((row) => row.conversation))], more: rows.length === SWEEP_ROWS };
}
