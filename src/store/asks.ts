/**
 * Asks, from their claim to their answer.
 *
 * 1. The claim decides under the row's lock whether the ask is run once more or given up, and records the attempt before
 *    anything is sent.
 * 2. An ask that was claimed is not claimed again before its lease is over and its request can't be in flight any more
 *    (E2); one that may be repeated has no request to wait for, so its `in_flight_until` is null.
 * 3. It is answered once: the first answer wins, later ones change nothing (T5).
 */
import { PROCESS_NUMBER } from "../lib/process-number.ts";
import { LEASE_SECONDS } from "./claim-parts.ts";
import type { Db, Statement } from "./db.ts";
import { storableJson } from "./text.ts";

/** How an ask ended (E3). unknown: something may have been changed outside, and nobody knows. */
export type AskOutcome = "succeeded" | "failed" | "unknown" | "cancelled" | "expired";

export interface WaitingAsk {
  id: string;
  request: unknown;
  release: number;
  /** Attempts so far. */
  attempts: number;
  /** True when it is not to be run any more: cancelled, or past its deadline. */
  over: boolean;
}

/**
 * run: the attempt is recorded, and it is the caller's. Else it is given up: unknown: an attempt that can't be repeated
 * was never answered; spent: its attempts are used up.
 */
export type AskVerdict = "run" | "unknown" | "cancelled" | "expired" | "spent";

export interface ClaimedAsk {
  id: string;
  conversation: number;
  /** Number of this attempt; another claim has another. */
  attempts: number;
  /** True when an earlier attempt was never answered. */
  attempted: boolean;
  verdict: AskVerdict;
}

const READ: Statement = {
  name: "read_asks",
  text: `select id, request, release, attempts, cancelled_at is not null or coalesce(expires_at <= now(), false) as over
         from ask where id = any($1::text[]) and answered_at is null and due_at <= now()`,
};

const CLAIM: Statement = {
  name: "claim_ask",
  text: `
with locked as materialized (
  select id, attempted_at is not null as attempted,
         case when attempted_at is not null and $2::int is not null then 'unknown'
              when cancelled_at is not null then 'cancelled'
              when expires_at <= now() then 'expired'
              when attempts >= $3::int then 'spent'
              else 'run' end as verdict
  from ask where id = $1 and answered_at is null and due_at <= now() and (lease_until is null or lease_until < now())
    and (in_flight_until is null or in_flight_until < now())
    -- An operator has done something that no turn has handled yet: it may call this off.
    and not exists (select from event e where e.conversation = ask.conversation and e.seq is null and e.kind = 'operator')
  for no key update skip locked
)
update ask a
set lease_until = now() + interval '${LEASE_SECONDS} seconds', claimed_by = $4,
    attempts = case when verdict = 'run' then a.attempts + 1 else a.attempts end,
    attempted_at = case when verdict = 'run' then now() else a.attempted_at end,
    in_flight_until = case when verdict = 'run'
      then now() + interval '${LEASE_SECONDS} seconds' + $2::int * interval '1 millisecond' end
from locked where a.id = locked.id
returning a.id, a.conversation, a.attempts, locked.attempted, locked.verdict`,
};

const ANSWER: Statement = {
  name: "answer_ask",
  text: `
with done as (
  update ask set answered_at = now(), lease_until = null, in_flight_until = null, took_ms = $3, outcome = $4
  where id = $1 and answered_at is null
  returning id, conversation
)
insert into event (conversation, kind, payload, dedupe)
select conversation, 'answer', $2::json, 'answer:' || id from done
on conflict (dedupe) where dedupe is not null do nothing
returning conversation`,
};

// Compared with the claim, so that a process never hands back what another has claimed since.
const HAND_BACK: Statement = {
  name: "hand_back_ask",
  text: `update ask set lease_until = null, in_flight_until = null, attempts = attempts - 1,
                attempted_at = case when $3::boolean then attempted_at end
         where id = $1 and attempts = $2 and claimed_by = $4 and answered_at is null`,
};

/** Reads asks that are due and have no answer; null for the others. */
export async function readAsks(db: Db, ids: readonly string[]): Promise<(WaitingAsk | null)[]> {
  const rows = new Map((await db.run<WaitingAsk>(READ, [ids])).map((row) => [row.id, row]));
  return ids.map((id) => rows.get(id) ?? null);
}

/** `inFlightMs`: time for which its request may be in flight; null where the ask may be repeated. */
interface AskClaim {
  inFlightMs: number | null;
  maxAttempts: number;
}

/** Leases an ask and records the attempt; null when it is answered, not due, leased, or its request may be in flight. */
export async function claimAsk(db: Db, id: string, { inFlightMs, maxAttempts }: AskClaim): Promise<ClaimedAsk | null> {
  const [row] = await db.run<ClaimedAsk>(CLAIM, [id, inFlightMs, maxAttempts, PROCESS_NUMBER]);
  return row ?? null;
}

export interface AskEnd {
  result: unknown;
  outcome: AskOutcome;
  /** The operation that it performed outside; null for kinds without an outside system. */
  effect: { operation: string; write: boolean } | null;
  tookMs: number;
}

/** Journals the answer of an ask. Returns the conversation to wake; null when it was answered before. */
export async function answerAsk(
  db: Db,
  id: string,
  { result, outcome, effect, tookMs }: AskEnd,
): Promise<number | null> {
  const payload = storableJson({ ask: id, result, ...(effect === null ? {} : { effect }) });
  const [row] = await db.run<{ conversation: number }>(ANSWER, [id, payload, Math.round(tookMs), outcome]);
  return row?.conversation ?? null;
}

/**
 * Hands an ask back that this process won't finish, so that the next sweep gives it to anyone. `mayHaveLeft`: false when
 * certainly nothing has left, in this attempt and before.
 */
export async function handBackAsk(db: Db, ask: ClaimedAsk, { mayHaveLeft }: { mayHaveLeft: boolean }): Promise<void> {
  await db.run(HAND_BACK, [ask.id, ask.attempts, mayHaveLeft, PROCESS_NUMBER]);
}
