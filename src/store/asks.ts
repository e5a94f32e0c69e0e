import { LEASE_SECONDS } from "./claim-parts.ts";
import type { Db, Statement } from "./db.ts";
import { storableJson } from "./text.ts";

export interface ClaimedAsk {
  id: string;
  conversation: number;
  request: unknown;
  release: number;
  attempts: number;
  /** Time of an earlier attempt whose outcome is unknown; null when there is none. */
  attemptedBefore: string | null;
}

const READ: Statement = {
  name: "read_ask",
  text: "select request, release from ask where id = $1 and answered_at is null",
};

const CLAIM: Statement = {
  name: "claim_ask",
  text: `
with locked as materialized (
  select id, attempted_at from ask
  where id = $1 and answered_at is null and due_at <= now() and (lease_until is null or lease_until < now())
  for no key update skip locked
)
update ask a set lease_until = now() + interval '${LEASE_SECONDS} seconds', attempted_at = now(), attempts = a.attempts + 1
from locked where a.id = locked.id
returning a.id, a.conversation, a.request, a.release, a.attempts, locked.attempted_at as "attemptedBefore"`,
};

// The answer is journalled once: the first one wins, later ones change nothing (T5).
const ANSWER: Statement = {
  name: "answer_ask",
  text: `
with done as (
  update ask set answered_at = now(), lease_until = null, took_ms = $3 where id = $1 and answered_at is null
  returning id, conversation
)
insert into event (conversation, kind, payload, dedupe)
select conversation, 'answer', json_build_object('ask', id, 'result', $2::json), 'answer:' || id from done
on conflict (dedupe) where dedupe is not null do nothing
returning conversation`,
};

/** Reads the request of an ask; null when it is answered. */
export async function readAsk(db: Db, id: string): Promise<Pick<ClaimedAsk, "request" | "release"> | null> {
  const [row] = await db.run<Pick<ClaimedAsk, "request" | "release">>(READ, [id]);
  return row ?? null;
}

/** Leases an ask and stamps the attempt; null when it is answered, not due, or leased by another. */
export async function claimAsk(db: Db, id: string): Promise<ClaimedAsk | null> {
  const [row] = await db.run<ClaimedAsk>(CLAIM, [id]);
  return row ?? null;
}

/** Journals the answer of an ask. Returns the conversation to wake; null when it was answered before. */
export async function answerAsk(db: Db, id: string, o: { result: unknown; tookMs: number }): Promise<number | null> {
  const [row] = await db.run<{ conversation: number }>(ANSWER, [id, storableJson(o.result), Math.round(o.tookMs)]);
  return row?.conversation ?? null;
}
