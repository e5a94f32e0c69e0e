/** Finds waiting work that no process is handling, through partial indexes of waiting rows. */
import type { Stream } from "./claim-parts.ts";
import type { Db, Statement } from "./db.ts";

/** Rows of each kind woken at most by one sweep. */
const SWEEP_ROWS = 1_000;

// Younger events are probably being handled right now.
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

// Only a stream's first part can be sent, so parts behind one that is not due are skipped.
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

const END_REOPENING: Statement = {
  name: "end_reopening",
  text: `update conversation set joinable = false
         where joinable and greatest(closed_at, last_inbound_at) < now() - $1::int * interval '1 second'
         and closed_at is not null`,
};

export interface WaitingWork {
  conversations: number[];
  asks: string[];
  streams: Stream[];
}

/** Work recently woken in vain, skipped for a while so that it does not crowd out other work. */
export interface Skipped {
  conversations: readonly number[];
  asks: readonly string[];
}

/** Finds unhandled work that has waited longer than `idleMs`. */
export async function findWaiting(db: Db, idleMs: number, skipped: Skipped): Promise<WaitingWork> {
  const [conversations, asks, streams] = await Promise.all([
    db.run<{ conversation: number }>(EVENTS, [idleMs, skipped.conversations]),
    db.run<{ id: string }>(ASKS, [idleMs, skipped.asks]),
    db.run<Stream>(PARTS, [idleMs]),
  ]);
  return { conversations: conversations.map((row) => row.conversation), asks: asks.map((row) => row.id), streams };
}

/** Turns due alarms into events. Returns the conversations to wake. */
export async function fireAlarms(db: Db): Promise<number[]> {
  const rows = await db.run<{ conversation: number }>(ALARMS, []);
  return [...new Set(rows.map((row) => row.conversation))];
}

/** Ends reopening of long-closed conversations: the next message of their thread opens a new one (I7). */
export async function endReopening(db: Db, reopenWithinSeconds: number): Promise<void> {
  await db.run(END_REOPENING, [reopenWithinSeconds]);
}
