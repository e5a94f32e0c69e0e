/** The process that sweeps (P2): a lease per format of rows, so that one that stands still or dies is replaced. */
import type { Db, Statement } from "./db.ts";

/**
 * A sweeper that does not renew its lease for this long is replaced by the next process that tries: longer than two sweeps,
 * and short enough that work of a dead sweeper waits little longer than that of any other process.
 */
const LEASE_MS = 2_500;

const HOLD: Statement = {
  name: "hold_sweep",
  text: `
insert into sweeper as s (format, process, lease_until)
values ($1, $2, now() + ${LEASE_MS} * interval '1 millisecond')
on conflict (format) do update set process = excluded.process, lease_until = excluded.lease_until
where s.process = excluded.process or s.lease_until < now()
returning process`,
};

const LEAVE: Statement = {
  name: "leave_sweep",
  text: "update sweeper set lease_until = now() where format = $1 and process = $2",
};

export interface Sweeper {
  /** The format of rows that it sweeps; older programs sweep theirs under another one. */
  format: number;
  process: number;
}

/** Takes or renews the lease; false while another process holds it. */
export async function holdSweep(db: Db, { format, process }: Sweeper): Promise<boolean> {
  return (await db.run(HOLD, [format, process])).length > 0;
}

/** Gives the lease up, so that the next process need not wait for its end. */
export async function leaveSweep(db: Db, { format, process }: Sweeper): Promise<void> {
  await db.run(LEAVE, [format, process]);
}
