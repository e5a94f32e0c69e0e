import { LEASE_SECONDS } from "./claim-parts.ts";
import type { Db, Statement } from "./db.ts";

const RENEW_PARTS: Statement = {
  name: "renew_parts",
  text: `update outbox set lease_until = now() + interval '${LEASE_SECONDS} seconds'
         where id = any($1::bigint[]) and outcome is null`,
};

const RENEW_ASKS: Statement = {
  name: "renew_asks",
  text: `update ask set lease_until = now() + interval '${LEASE_SECONDS} seconds'
         where id = any($1::text[]) and answered_at is null`,
};

/** Renews the leases of parts that this process is sending. */
export async function renewParts(db: Db, ids: readonly number[]): Promise<void> {
  await db.run(RENEW_PARTS, [ids]);
}

/** Renews the leases of asks that this process is running. */
export async function renewAsks(db: Db, ids: readonly string[]): Promise<void> {
  await db.run(RENEW_ASKS, [ids]);
}
