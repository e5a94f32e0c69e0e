import { PROCESS_NUMBER } from "../lib/process-number.ts";
import { IN_FLIGHT_SECONDS, LEASE_SECONDS } from "./claim-parts.ts";
import type { Db, Statement } from "./db.ts";
import type { Claimed } from "./heartbeat.ts";

// The number of the attempt is compared, so that a process never renews a claim that another has made since (E1). A part that
// is renewed may leave until its lease is over, so the time of its request counts from the renewal (E2).
// The outcome is compared in a way that no partial index matches, as in claim-parts.ts.
const RENEW_PARTS: Statement = {
  name: "renew_parts",
  text: `update outbox o set lease_until = now() + interval '${LEASE_SECONDS} seconds',
           in_flight_until = now() + interval '${IN_FLIGHT_SECONDS} seconds'
         from unnest($1::bigint[], $2::int[]) as held(id, attempt)
         where o.id = any($1::bigint[]) and o.id = held.id and o.attempts = held.attempt
           and coalesce(o.outcome, '') = ''
         returning o.id, o.attempts as attempt`,
};

// The time for which its request may be in flight is counted from the end of the lease, the last moment to send it. An
// ask that was handed back has the attempt's number of an earlier claim, so the claimant is compared too.
const RENEW_ASKS: Statement = {
  name: "renew_asks",
  text: `update ask a set lease_until = now() + interval '${LEASE_SECONDS} seconds',
                in_flight_until = now() + interval '${LEASE_SECONDS} seconds' + (a.in_flight_until - a.lease_until)
         from unnest($1::text[], $2::int[]) as held(id, attempt)
         where a.id = any($1::text[]) and a.id = held.id and a.attempts = held.attempt and a.claimed_by = $3
           and a.answered_at is null
         returning a.id, a.attempts as attempt, a.cancelled_at is not null as cancelled`,
};

/** Renews the leases of parts that this process is sending; returns the claims that are still its own. */
export const renewParts = (db: Db, claims: readonly Claimed<number>[]): Promise<Claimed<number>[]> =>
  db.run(RENEW_PARTS, columns(claims));

/** `cancelled`: nobody wants it any more. */
export type RenewedAsk = Claimed<string> & { cancelled: boolean };

/** Renews the leases of asks that this process is running; returns the claims that are still its own. */
export const renewAsks = (db: Db, claims: readonly Claimed<string>[]): Promise<RenewedAsk[]> =>
  db.run(RENEW_ASKS, [...columns(claims), PROCESS_NUMBER]);

const columns = <Id>(claims: readonly Claimed<Id>[]): [Id[], number[]] => [
  claims.map(({ id }) => id),
  claims.map(({ attempt }) => attempt),
];
