import type pg from "pg";
import { type Finding, fine, problem, warning } from "./finding.ts";

/** The sweep runs every second; work that waits longer than this is not being handled. */
const LATE_AFTER_S = 30;

interface Waiting {
  what: string;
  waiting: number;
  /** Seconds since the oldest one was due; 0 when none waits. */
  oldest: number;
}

const WAITING = `
  select 'events' as what, count(*)::int as waiting,
         coalesce(extract(epoch from now() - min(at)), 0)::float as oldest from event where seq is null
  union all
  select 'asks', count(*)::int, coalesce(extract(epoch from now() - min(due_at)), 0)::float
  from ask where answered_at is null and due_at <= now()
  union all
  select 'parts to send', count(*)::int, coalesce(extract(epoch from now() - min(due_at)), 0)::float
  from outbox where outcome is null and due_at <= now()`;

/** Checks the age of waiting work, and parked parts. */
export async function checkBacklog(pool: pg.Pool): Promise<Finding[]> {
  const { rows } = await pool.query<Waiting>(WAITING);
  return [...rows.map(lagFinding), ...(await checkParked(pool))];
}

function lagFinding({ what, waiting, oldest }: Waiting): Finding {
  if (oldest <= LATE_AFTER_S) return fine("backlog", `${what}: ${waiting} waiting`);
  const fix =
    "Make sure a process with the role all or worker is running, and read its log; more workers share the load.";
  return problem("backlog", `${what}: ${waiting} waiting, the oldest for ${Math.round(oldest)} s`, fix);
}

// Reads the whole outbox: parked parts are too few and too rarely queried for an index.
async function checkParked(pool: pg.Pool): Promise<Finding[]> {
  const { rows } = await pool.query<{ n: number }>("select count(*)::int as n from outbox where outcome = 'parked'");
  const n = rows[0]?.n ?? 0;
  if (n === 0) return [fine("backlog", "parked parts: none")];
  const fix = "It is unknown whether they arrived. See “Parked messages” in docs/operations.md.";
  return [warning("backlog", `parked parts: ${n}`, fix)];
}
