/**
 * Calls of language models and their budgets, which all workers share.
 *
 * 1. A call is reserved before it leaves: its reservation, what open calls have reserved, and what settled ones have used
 *    together stay within each limit. All of a scope's reservations are made under the lock of its row.
 * 2. It is settled once, to what it used. A reservation whose process died counts until it expires.
 * 3. Scopes are locked in their order, so that no two calls wait for one another.
 */
import type { PoolClient } from "pg";
import type { Db, Statement } from "./db.ts";

export interface CallReservation {
  conversation: number;
  procedure: { id: string; run: string } | null;
  purpose: string;
  tier: string;
  model: string;
  /** US dollars at most; 0 where the price is unknown. */
  costUsd: number;
  tokens: number;
  /** Time after which it does not count any more, unless it was settled. */
  expiresMs: number;
}

export type BudgetScope = "day" | "conversation" | "procedure";

/** Limits by scope; null: none. */
export type BudgetLimits = Readonly<Record<BudgetScope, { costUsd: number | null; tokens: number | null }>>;

export type ReservedCall =
  | { kind: "reserved"; call: number }
  /** The first scope that is used up. */
  | { kind: "denied"; scope: BudgetScope };

export interface CallUse {
  outcome: string;
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  /** null: the price is unknown. */
  costUsd: number | null;
  estimated: boolean;
  tookMs: number;
}

const SCOPES = `
select * from (values ('conversation:' || $1::bigint, $1::bigint),
  ('day:' || (now() at time zone 'utc')::date, null), ('procedure:' || $1 || ':' || $2::text, $1)) scopes (scope, conversation)
where scope is not null`;

const OPEN_SCOPES = `insert into model_budget (scope, conversation) ${SCOPES} order by scope on conflict (scope) do nothing`;

const LOCK_SCOPES = `
select split_part(scope, ':', 1) as kind, cost_usd as cost, tokens from model_budget
where scope in (select scope from (${SCOPES}) s) order by scope for no key update`;

// In a statement of its own, after the lock: it sees what those that held the lock before have reserved and settled.
const RESERVED = `
select kind, coalesce(sum(reserved_usd) filter (where counts), 0) as cost,
  coalesce(sum(reserved_tokens) filter (where counts), 0)::float8 as tokens
from model_call cross join lateral (values
  ('day', (at at time zone 'utc')::date = (now() at time zone 'utc')::date),
  ('conversation', conversation = $1::bigint),
  ('procedure', conversation = $1 and run = $2::text)) scopes (kind, counts)
where outcome is null and expires_at > now() group by kind`;

const INSERT = `
insert into model_call (conversation, procedure, run, purpose, tier, model, reserved_usd, reserved_tokens, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, now() + $9::float8 * interval '1 millisecond') returning id`;

/** Reserves a call within all limits. Throws database errors. */
export async function reserveCall(
  { pool }: Pick<Db, "pool">,
  call: CallReservation,
  limits: BudgetLimits,
): Promise<ReservedCall> {
  const client = await pool.connect();
  let done = false;
  try {
    await client.query("begin");
    const reserved = await reserveWithin(client, call, limits);
    await client.query("commit");
    done = true;
    return reserved;
  } finally {
    // After a failure the connection may be inside a transaction, so it is destroyed.
    client.release(!done);
  }
}

interface Used {
  kind: BudgetScope;
  cost: number;
  tokens: number;
}

async function reserveWithin(client: PoolClient, call: CallReservation, limits: BudgetLimits): Promise<ReservedCall> {
  const { conversation, procedure, costUsd, tokens } = call;
  const run = procedure?.run ?? null;
  await client.query(OPEN_SCOPES, [conversation, run]);
  const settled = await client.query<Used>(LOCK_SCOPES, [conversation, run]);
  const open = await client.query<Used>(RESERVED, [conversation, run]);
  for (const { kind, ...used } of settled.rows) {
    const reserved = open.rows.find((row) => row.kind === kind);
    const cost = used.cost + (reserved?.cost ?? 0) + costUsd;
    const total = used.tokens + (reserved?.tokens ?? 0) + tokens;
    // A call without a known cost is only limited by its tokens.
    if (exceeds(cost, costUsd > 0 ? limits[kind].costUsd : null) || exceeds(total, limits[kind].tokens))
      return { kind: "denied", scope: kind };
  }
  const values = [call.purpose, call.tier, call.model, costUsd, tokens, call.expiresMs];
  const { rows } = await client.query<{ id: number }>(INSERT, [conversation, procedure?.id ?? null, run, ...values]);
  return { kind: "reserved", call: rows[0]?.id ?? 0 };
}

const exceeds = (amount: number, limit: number | null): boolean => limit !== null && amount > limit;

// A call that was given up for lost is settled all the same when its answer comes.
const SETTLE: Statement = {
  name: "settle_model_call",
  text: `
with settled as (
  update model_call set outcome = $2, input_tokens = $3, cached_tokens = $4, output_tokens = $5, cost_usd = $6,
    estimated = $7, took_ms = $8
  where id = $1 and (outcome is null or outcome = 'lost')
  returning conversation, run, at, coalesce(cost_usd, 0) as cost, input_tokens + output_tokens as tokens
)
insert into model_budget (scope, conversation, cost_usd, tokens, at)
select scope, scopes.conversation, cost, tokens, settled.at
from settled cross join lateral (values
  ('conversation:' || settled.conversation, settled.conversation),
  ('day:' || (settled.at at time zone 'utc')::date, null),
  ('procedure:' || settled.conversation || ':' || settled.run, settled.conversation)) scopes (scope, conversation)
where scope is not null order by scope
on conflict (scope) do update set cost_usd = model_budget.cost_usd + excluded.cost_usd,
  tokens = model_budget.tokens + excluded.tokens`,
};

/** Replaces a call's reservation by what it used. Settling it again changes nothing. */
export async function settleCall(db: Pick<Db, "run">, call: number, use: CallUse): Promise<void> {
  const { outcome, inputTokens, cachedTokens, outputTokens, costUsd, estimated, tookMs } = use;
  const tokens = [inputTokens, cachedTokens, outputTokens];
  await db.run(SETTLE, [call, outcome, ...tokens, costUsd, estimated, Math.round(tookMs)]);
}
