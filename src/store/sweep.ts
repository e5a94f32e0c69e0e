/** Finds work that waits and that no process has in hand: each found over a partial index that holds just what waits. */
import type { Stream } from "./claim-parts.ts";
import type { Db, Statement } from "./db.ts";

/** Rows of a kind that one sweep wakes at most; the next one goes on. */
const SWEEP_ROWS = 1_000;

// Younger events are being handled right now, in all likelihood.
const EVENTS: Statement = {
  name: "sweep_events",
  text: `select conversation, min(at) as since from event
         where seq is null and at < now() - $1::int * interval '1 millisecond' and conversation <> all($2::bigint[])
         group by conversation order by since limit ${SWEEP_ROWS}`,
};

const ASKS: Statement = {
  name: "sweep_asks",
  text: `select id from ask where answered_at is null and due_at <= now() - $1::int * interval '1 millisecond'
         and id <> all($2::text[])
         and (lease_until is null or lease_until < now()) order by due_at limit ${SWEEP_ROWS}`,
};

// A stream's first part alone can leave, so one that waits behind a part that is not due yet is left alone.
const PARTS: Statement = {
  name: "sweep_parts",
  text: `select channel, thread from outbox o
         where outcome is null and due_at <= now() - $1::int * interval '1 millisecond'
         and (lease_until is null or lease_until < now())
         and not exists (select 1 from outbox b where b.channel = o.channel and b.thread = o.thread
                         and b.outcome is null and b.id < o.id)
         order by due_at limit ${SWEEP_ROWS}`,
};

const ALARMS: Statement = {
  name: "fire_alarms",
  text: `
with due as (
  delete from alarm where (conversation, id) in (
    select conversation, id from alarm where due_at <= now() order by due_at limit ${SWEEP_ROWS} for update skip locked)
  returning conversation, id
)
insert into event (conversation, kind, payload)
select conversation, 'alarm', json_build_object('alarm', id) from due
returning conversation`,
};

const PARTED: Statement = {
  name: "part_conversations",
  text: `update conversation set joinable = false
         where joinable and greatest(closed_at, last_inbound_at) < now() - $1::int * interval '1 second'
         and closed_at is not null`,
};

export interface Waiting {
  conversations: number[];
  asks: string[];
  streams: Stream[];
}

/** Work that was woken in vain lately: it is left alone for a while, so that it does not stand before what can be helped. */
export interface Skipped {
  conversations: readonly number[];
  asks: readonly string[];
}

/** Finds work that has waited for longer than `idleMs` without anybody at work on it. */
export async function findWaiting(db: Db, idleMs: number, leftAlone: Skipped): Promise<Waiting> {
  const [conversations, asks, streams] = await Promise.all([
    db.run<{ conversation: number }>(EVENTS, [idleMs, leftAlone.conversations]),
    db.run<{ id: string }>(ASKS, [idleMs, leftAlone.asks]),
    db.run<Stream>(PARTS, [idleMs]),
  ]);
  return { conversations: conversations.map((row) => row.conversation), asks: asks.map((row) => row.id), streams };
}

/** Turns due alarms into events; answers with the conversations to wake. */
export async function fireAlarms(db: Db): Promise<number[]> {
  const rows = await db.run<{ conversation: number }>(ALARMS, []);
  return [...new Set(rows.map((row) => row.conversation))];
}

/** Lets the next message of long-closed conversations' threads open a new one (I7). */
export async function endReopening(db: Db, reopenWithinSeconds: number): Promise<void> {
  await db.run(PARTED, [reopenWithinSeconds]);
}
