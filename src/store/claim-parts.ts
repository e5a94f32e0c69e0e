import { type Moment, moment } from "../lib/fence.ts";
import { PROCESS_NUMBER } from "../lib/process-number.ts";
import type { Db, Statement } from "./db.ts";

/** Time for which a claim holds without a heartbeat. A killed sender's part waits this long, plus a sweep. */
export const LEASE_SECONDS = 2;
export const LEASE_MS = LEASE_SECONDS * 1_000;
/**
 * Time-out of a request that shows something. Platforms answer in well under a second; what takes longer than this is
 * seldom answered at all, and a part of a stopped process waits for it (E2).
 */
export const SEND_WITHIN_MS = 10_000;
/** Time in which a sender that was told to stop does so. */
export const STOP_WITHIN_MS = 1_000;
/**
 * Time after a claim or renewal until which a request may be in flight: it leaves while the lease holds (E1), and is given
 * up after its time-out.
 */
export const IN_FLIGHT_SECONDS = LEASE_SECONDS + (SEND_WITHIN_MS + STOP_WITHIN_MS) / 1_000;

export interface ClaimedPart {
  id: number;
  conversation: number;
  channel: string;
  thread: string;
  content: unknown;
  attempts: number;
  /** The moment before the claim was sent to the database; its lease counts from there (E1). */
  since: Moment;
  /** Time of the first attempt whose outcome is unknown (O2); null: there is none. */
  attemptedBefore: string | null;
  /** Milliseconds since that attempt when this claim was made, by the database's clock (E6). */
  unknownForMs: number | null;
  /** Reason for that; null: the process that made it was gone before it could say. */
  doubt: string | null;
  /** The platform's id, if a receipt has named this part since that attempt. */
  knownAs: string | null;
  /** Time of this claim, by the database's clock. */
  claimedAt: string;
  /** Milliseconds between the part's creation and this claim, by the database's clock. */
  ageMs: number;
  /** True for a reply of an earlier epoch: a person has taken over since (T8). */
  stale: boolean;
  /** True when the customer opted out before it left; it must not leave. */
  suppressed: boolean;
  /** True for a reply beyond the channel's ceiling of today. */
  over: boolean;
  createdAt: string;
}

/** Returns the time since the attempt that a platform is asked about, in milliseconds. */
export const attemptAgoMs = (part: ClaimedPart): number => (part.unknownForMs ?? 0) + (moment() - part.since);

/** Number of rows for a channel's daily count, so that concurrent claims seldom update the same one. */
const SHARDS = 16;

/** Time-out of a send of builds that did not say how long their requests may be in flight. */
const EARLIER_SEND_SECONDS = 45;

// Only the oldest unsettled part of a thread can be claimed, so that part n+1 leaves after part n was accepted (O1). A
// row that another sender holds is skipped, never waited for, and so is one whose request may still be in flight (E2);
// the claim of an earlier build names no process. The outcome is compared in a way that no partial index matches, since the planner would scan the whole backlog instead
// of looking up a few rows by key. A message to a customer is counted once on each day on which it is tried; changes,
// hints and the desk's parts are not counted. The ceiling is exact within one claim; processes that claim at the same
// moment may exceed it by the number of parts they claim. A part that may have left before is settled, not checked again.
const OVER = `(o.kind = 'reply' and locked.attempted_at is null and head.counts
        and coalesce(today.sent + head.nth > today.ceiling, false))`;

const CLAIM: Statement = {
  name: "claim_parts",
  text: `
with want as materialized (
  select channel, thread, ceiling from json_to_recordset($1::json) as w(channel text, thread text, ceiling int)
), today as materialized (
  select w.channel, w.ceiling, coalesce((
    select sum(d.sent) from channel_day d where d.channel = w.channel and d.day = (now() at time zone 'utc')::date), 0) as sent
  from (select distinct channel, ceiling from want) w
), head as materialized (
  select h.id, count(*) filter (where h.counts) over (partition by want.channel order by h.id) as nth, h.counts
  from want cross join lateral (
    select id, due_at, lease_until, in_flight_until, claimed_by, attempted_at, message is not null and content->>'desk' is null
      and counted_on is distinct from (now() at time zone 'utc')::date as counts
    from outbox where outbox.channel = want.channel and outbox.thread = want.thread and outcome is null
    order by id limit 1
  ) h where h.due_at <= now() and (h.lease_until is null or h.lease_until < now())
    and (h.in_flight_until is null or h.in_flight_until < now())
    and (h.claimed_by is not null or h.attempted_at is null or h.lease_until is null
      or h.lease_until < now() - interval '${EARLIER_SEND_SECONDS} seconds')
), locked as materialized (
  select id, attempted_at from outbox o
  where o.id = any(array(select id from head)) and coalesce(o.outcome, '') = ''
    and (o.lease_until is null or o.lease_until < now()) and (o.in_flight_until is null or o.in_flight_until < now())
  order by o.id for no key update skip locked
), claimed as (
  update outbox o
  set lease_until = now() + interval '${LEASE_SECONDS} seconds', attempts = o.attempts + 1,
      in_flight_until = now() + interval '${IN_FLIGHT_SECONDS} seconds', claimed_by = $2,
      attempted_at = coalesce(o.attempted_at, now()),
      -- What an earlier attempt that certainly did not leave failed with says nothing of this one.
      error = case when o.attempted_at is not null then o.error end,
      counted_on = case when head.counts and not ${OVER} then (now() at time zone 'utc')::date else o.counted_on end
  from locked, conversation c, head, today
  where o.id = any(array(select id from locked)) and o.id = locked.id and c.id = o.conversation
    and head.id = o.id and today.channel = o.channel
  returning o.id, o.conversation, o.channel, o.thread, o.content, o.attempts, locked.attempted_at as "attemptedBefore",
    (extract(epoch from now() - locked.attempted_at) * 1000)::float8 as "unknownForMs", o.error as doubt,
    now() as "claimedAt",
    (extract(epoch from now() - o.created_at) * 1000)::float8 as "ageMs",
    case when locked.attempted_at is not null
      then (select d.remote_id from delivery d where d.outbox = o.id order by d.remote_id limit 1) end as "knownAs",
    o.kind = 'reply' and o.epoch < c.epoch as stale, o.created_at as "createdAt",
    head.counts, ${OVER} as over,
    exists (select 1 from suppression s where s.channel = o.channel and s.thread = o.thread
            and (s.ended_at is null or o.created_at <= s.ended_at)) as suppressed
), counted as (
  insert into channel_day as d (channel, day, shard, sent)
  select channel, (now() at time zone 'utc')::date, pg_backend_pid() % ${SHARDS}, count(*)
  from claimed where counts and not stale and not over and not suppressed
  group by channel order by channel
  on conflict (channel, day, shard) do update set sent = d.sent + excluded.sent
)
select id, conversation, channel, thread, content, attempts, "attemptedBefore", "unknownForMs", doubt, "knownAs", "claimedAt", "ageMs", stale, "createdAt", over, suppressed from claimed`,
};

export interface Stream {
  channel: string;
  thread: string;
}

export interface Wanted extends Stream {
  /** Parts that the channel may send today before the bot's replies are dropped; left out: no limit. */
  ceiling?: number;
}

/**
 * Claims the next due part of each thread and records the attempt (O2); null where nothing is due or another sender
 * holds it.
 */
export async function claimParts(db: Db, streams: readonly Wanted[]): Promise<(ClaimedPart | null)[]> {
  const unique = new Map(streams.map((stream) => [`${stream.channel}\n${stream.thread}`, stream]));
  const since = moment();
  const rows = await db.run<Omit<ClaimedPart, "since">>(CLAIM, [JSON.stringify([...unique.values()]), PROCESS_NUMBER]);
  const byStream = new Map(rows.map((row) => [`${row.channel}\n${row.thread}`, { ...row, since }]));
  return streams.map((stream) => takeClaim(byStream, `${stream.channel}\n${stream.thread}`));
}

/** Takes a claim out of the map, so that it goes to one caller even if two asked for the same thread. */
function takeClaim(claims: Map<string, ClaimedPart>, stream: string): ClaimedPart | null {
  const claimed = claims.get(stream) ?? null;
  claims.delete(stream);
  return claimed;
}
