/**
 * Commits turns, each whole or not at all, guarded by the version that it read (T2). A turn that lost a race writes
 * nothing, and its caller learns that. Conversations are locked in the same order as inbound locks them. Ids are passed
 * again as arrays, so that the planner looks rows up by key whatever its estimate of the tables' size.
 */
import type { CaseCard } from "../domain/case.ts";
import type { Db, Statement } from "./db.ts";
import { storableJson } from "./text.ts";

export interface TurnWrite {
  id: number;
  version: number;
  state: unknown;
  epoch: number;
  closedAt: Date | null;
  release: number;
  /** The settings in force; null: unknown. */
  setting: number | null;
  handled: readonly HandledEvent[];
  /** Runs that began or changed in this turn. */
  runs: readonly { id: string; format: number; release: number; body: unknown }[];
  endedRuns: readonly string[];
  /** Asks of earlier turns that are not wanted any more (E4). */
  calledOff: readonly string[];
  /** The conversation whose case this one's was merged into; null: none. */
  mergedInto: number | null;
  /** True where it was closed before this turn, and is open after it (U5). */
  reopened: boolean;
  messages: readonly { event: number; n: number; author: string; authorName: string; text: string; at: Date }[];
  outbox: readonly OutboxWrite[];
  asks: readonly AskWrite[];
  alarms: readonly { id: string; dueAt: Date }[];
  cancelled: readonly string[];
  /** The case's card, where this turn changed it; else null. */
  card: CaseCard | null;
  /** Time at which the holder from before this turn let go of the case; null: they did not. */
  letGoAt: Date | null;
  /** Operators who came to hold the case in this turn, in order; `until` is null for the current holder. */
  assigned: readonly { operator: string; queue: string; from: Date; until: Date | null }[];
  /** Events for other conversations. */
  relays: readonly { cause: number; to: number; kind: string; payload: unknown }[];
  /** Messages that customers changed; the text is "" where they took them back. */
  amended: readonly { message: number; text: string; at: Date }[];
  /**
   * The thread whose customer opted out in this turn; its waiting parts become due at once, and are dropped. null:
   * none.
   */
  cutOff: { channel: string; thread: string } | null;
  audits: readonly { event: number; operator: string; action: string; before: unknown; after: unknown; at: Date }[];
}

export interface HandledEvent {
  id: number;
  seq: number;
  lines: readonly unknown[];
  quarantined: string | null;
  /** The event as it was handled, where an edit or deletion had changed it; else null (V2). */
  effective: { kind: string; payload: unknown } | null;
}

export interface AskWrite {
  id: string;
  request: unknown;
  release: number;
  bulkhead: string;
  /** It is looked at this long after it was asked. */
  dueMs: number;
  /** It is given up this long after it was asked. */
  deadlineMs: number;
  /** True where the same turn called it off, so that it never starts (E4). */
  off: boolean;
}

export interface OutboxWrite {
  event: number;
  n: number;
  channel: string;
  thread: string;
  /** relay: a notice with an operator's words, whose delivery is reported back. */
  kind: "reply" | "notice" | "relay";
  epoch: number;
  /** `n` of its message among those of the same event; null for the desk's parts. */
  message: number | null;
  content: unknown;
  /** Reason why it is dropped in the same turn; else null. */
  dropped: string | null;
}

/** Result of an ask that was called off before it had started. */
const NEVER_LEFT = `json_build_object('ok', false, 'error', json_build_object('reason', 'cancelled',
    'message', 'It was called off before it left.', 'retryable', false))`;

const COMMIT: Statement = {
  name: "commit_turns",
  text: `
with turn as materialized (
  select * from json_to_recordset($1::json) as x(id bigint, version int, state json, epoch int, closed_at timestamptz, merged_into bigint)
), won as materialized (
  select c.id from conversation c join turn t on t.id = c.id and t.version = c.version
  where c.id = any($12::bigint[]) order by c.channel, c.thread, c.id for no key update of c
), moved as (
  update conversation c
  set version = c.version + 1, state = t.state, epoch = t.epoch, closed_at = t.closed_at, merged_into = t.merged_into
  from turn t join won on won.id = t.id where c.id = t.id and c.id = any($12::bigint[])
), handled as (
  update event e
  set seq = h.seq, handled_at = now(), release = h.release, lines = h.lines, quarantined = h.quarantined, turn = h.turn,
      setting = h.setting, effective = h.effective
  from json_to_recordset($2::json) as h(conversation bigint, id bigint, seq int, release int, lines json, quarantined text,
       turn int, setting int, effective json)
  join won on won.id = h.conversation where e.id = h.id and e.id = any($13::bigint[])
), said as materialized (
  select nextval('message_id_seq') as id, m.*
  from json_to_recordset($3::json)
       as m(conversation bigint, event bigint, n int, author text, author_name text, body text, at timestamptz)
  join won on won.id = m.conversation
), written as (
  insert into message (id, conversation, author, author_name, text, at)
  select id, conversation, author, author_name, body, at from said
), sent as (
  insert into outbox (conversation, event, n, channel, thread, kind, epoch, message, content, outcome, settled_at, error)
  select o.conversation, o.event, o.n, o.channel, o.thread, o.kind, o.epoch, said.id, o.content,
         case when o.dropped is not null then 'dropped' end, case when o.dropped is not null then now() end, o.dropped
  from json_to_recordset($4::json) as o(conversation bigint, event bigint, n int, channel text, thread text, kind text,
       epoch int, message int, content json, dropped text)
  join won on won.id = o.conversation
  left join said on said.event = o.event and said.n = o.message
  order by o.conversation, o.event, o.n
), asked as (
  insert into ask (id, conversation, request, release, bulkhead, due_at, expires_at, cancelled_at, answered_at, outcome)
  select a.id, a.conversation, a.request, a.release, a.bulkhead, now() + a.due_ms * interval '1 millisecond',
         now() + a.deadline_ms * interval '1 millisecond', case when a.off then now() end, case when a.off then now() end,
         case when a.off then 'cancelled' end
  from json_to_recordset($5::json) as a(conversation bigint, id text, request json, release int, bulkhead text,
       due_ms bigint, deadline_ms bigint, off boolean)
  join won on won.id = a.conversation
  returning id, conversation, answered_at is not null as never_left
), called_off as (
  -- An ask that was claimed has perhaps left: its signal is aborted, and its outcome comes as an event all the same (E4).
  update ask set cancelled_at = now(),
    answered_at = case when ask.attempted_at is null then now() end,
    outcome = case when ask.attempted_at is null then 'cancelled' end
  from json_to_recordset($17::json) as c(conversation bigint, id text) join won on won.id = c.conversation
  where ask.id = c.id and ask.answered_at is null
  returning ask.id, ask.conversation, ask.answered_at is not null as never_left
), unmade as (
  insert into event (conversation, kind, payload, dedupe)
  select conversation, 'answer', json_build_object('ask', id, 'result', ${NEVER_LEFT}), 'answer:' || id
  from (select * from called_off union all select * from asked) off where never_left
  on conflict (dedupe) where dedupe is not null do nothing
), ran as (
  insert into run (conversation, id, format, release, body)
  select r.conversation, r.id, r.format, r.release, r.body
  from json_to_recordset($18::json) as r(conversation bigint, id text, format int, release int, body json)
  join won on won.id = r.conversation
  on conflict (conversation, id) do update set format = excluded.format, body = excluded.body
), ran_out as (
  delete from run using json_to_recordset($19::json) as r(conversation bigint, id text) join won on won.id = r.conversation
  where run.conversation = r.conversation and run.id = r.id
), silenced as (
  delete from alarm using json_to_recordset($6::json) as a(conversation bigint, id text) join won on won.id = a.conversation
  where alarm.conversation = a.conversation and alarm.id = a.id
), set_alarm as (
  insert into alarm (conversation, id, due_at)
  select a.conversation, a.id, a.due_at
  from json_to_recordset($7::json) as a(conversation bigint, id text, due_at timestamptz) join won on won.id = a.conversation
  on conflict (conversation, id) do update set due_at = excluded.due_at
), carded as (
  insert into "case" (conversation, queue, status, holder, holder_name, card, opened_at, updated_at)
  select k.conversation, k.card->>'queue', k.card->>'status', k.card->'holder'->>'id', k.card->'holder'->>'name', k.card,
         (k.card->>'openedAt')::timestamptz, now()
  from json_to_recordset($8::json) as k(conversation bigint, card jsonb)
  join won on won.id = k.conversation
  on conflict (conversation) do update set queue = excluded.queue, status = excluded.status, holder = excluded.holder,
    holder_name = excluded.holder_name, card = excluded.card, updated_at = excluded.updated_at
), let_go as (
  update assignment s set until_at = u.at
  from json_to_recordset($9::json) as u(conversation bigint, at timestamptz) join won on won.id = u.conversation
  where s.conversation = u.conversation and s.until_at is null
), given as (
  insert into assignment (conversation, operator, queue, from_at, until_at)
  select a.conversation, a.operator, a.queue, a.from_at, a.until_at
  from json_to_recordset($10::json)
       as a(conversation bigint, n int, operator text, queue text, from_at timestamptz, until_at timestamptz)
  join won on won.id = a.conversation
  order by a.conversation, a.n
), audited as (
  insert into audit (conversation, event, operator, action, before, after, at)
  select a.conversation, a.event, a.operator, a.action, a.before, a.after, a.at
  from json_to_recordset($11::json) as a(conversation bigint, event bigint, operator text, action text, before jsonb,
       after jsonb, at timestamptz)
  join won on won.id = a.conversation
), relayed as (
  insert into event (conversation, kind, payload, cause)
  -- Where there is no such conversation, the one that relayed the event gets 'unmerged'.
  select coalesce(other.id, r.conversation), case when other.id is null then 'unmerged' else r.kind end,
         case when other.id is null then json_build_object('into', r.to_id) else r.payload end, r.cause
  from json_to_recordset($14::json) as r(conversation bigint, cause bigint, to_id bigint, kind text, payload json)
  join won on won.id = r.conversation
  left join conversation other on other.id = r.to_id
), reworded as (
  update message m set text = a.body, amended_at = a.at
  from json_to_recordset($15::json) as a(conversation bigint, message bigint, body text, at timestamptz)
  join won on won.id = a.conversation
  where m.id = a.message and m.conversation = a.conversation
), retried as materialized (
  -- Parts that wait for a retry, and hold up the thread; a sender that works on one checks for the opt-out itself.
  select o.id from json_to_recordset($16::json) as t(conversation bigint, channel text, thread text)
  join won on won.id = t.conversation
  join outbox o on o.channel = t.channel and o.thread = t.thread and o.outcome is null and o.due_at > now()
  order by o.id for no key update of o skip locked
), cut_off as (
  update outbox o set due_at = now() from retried where o.id = retried.id
)
select id from won`,
};

/** Commits a batch of turns; true for each that was written. Throws what the database throws; then none was written. */
export async function commitTurns(db: Db, turns: readonly TurnWrite[]): Promise<boolean[]> {
  const rows = await db.run<{ id: number }>(COMMIT, parameters(turns));
  const won = new Set(rows.map((row) => row.id));
  return turns.map((turn) => won.has(turn.id));
}

function parameters(turns: readonly TurnWrite[]): (string | number[])[] {
  const flat = (rows: (turn: TurnWrite) => readonly object[]) =>
    storableJson(turns.flatMap((turn) => rows(turn).map((row) => ({ conversation: turn.id, ...row }))));
  return [
    storableJson(
      turns.map(({ id, version, state, epoch, closedAt, mergedInto }) => ({
        id,
        version,
        state,
        epoch,
        closed_at: closedAt,
        merged_into: mergedInto,
      })),
    ),
    flat(({ handled, release, setting, version }) =>
      handled.map((event) => ({ ...event, release, setting, turn: version + 1 })),
    ),
    flat((turn) =>
      turn.messages.map(({ authorName, text, ...row }) => ({ ...row, author_name: authorName, body: text })),
    ),
    flat((turn) => turn.outbox),
    flat((turn) =>
      turn.asks.map(({ dueMs, deadlineMs, ...ask }) => ({ ...ask, due_ms: dueMs, deadline_ms: deadlineMs })),
    ),
    flat((turn) => turn.cancelled.map((id) => ({ id }))),
    flat((turn) => turn.alarms.map(({ id, dueAt }) => ({ id, due_at: dueAt }))),
    flat((turn) => (turn.card === null ? [] : [{ card: turn.card }])),
    flat((turn) => (turn.letGoAt === null ? [] : [{ at: turn.letGoAt }])),
    flat((turn) =>
      turn.assigned.map(({ operator, queue, from, until }, n) => ({
        n,
        operator,
        queue,
        from_at: from,
        until_at: until,
      })),
    ),
    flat((turn) => turn.audits),
    turns.map((turn) => turn.id),
    turns.flatMap((turn) => turn.handled.map((handled) => handled.id)),
    flat((turn) => turn.relays.map(({ cause, to, kind, payload }) => ({ cause, to_id: to, kind, payload }))),
    flat((turn) => turn.amended.map(({ message, text, at }) => ({ message, body: text, at }))),
    flat((turn) => (turn.cutOff === null ? [] : [turn.cutOff])),
    flat((turn) => turn.calledOff.map((id) => ({ id }))),
    flat((turn) => turn.runs),
    flat((turn) => turn.endedRuns.map((id) => ({ id }))),
  ];
}
