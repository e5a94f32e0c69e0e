import type pg from "pg";
import type { Retention } from "../../domain/retention.ts";
import { type Finding, fine } from "./finding.ts";

/** Rows looked at of each kind, the oldest first, so that the check costs the same on any database. */
const ROWS = 10_000;
const CONVERSATIONS = 1_000;
/** Pages of the table of dedupe keys, of some hundred rows each. */
const BLOCKS = 128;

const OLD = "now() - $1::float8 * interval '1 millisecond'";
/** Conversations that a message would still join are kept; the predicate is that of the index, to the letter. */
const ofClosed = (what: string): string => `
  select count(*)::int as n from (
    select id from conversation where not joinable and closed_at is not null and closed_at < ${OLD}
    order by closed_at limit ${CONVERSATIONS}) c
  where ${what}`;

interface Counted {
  noun: string;
  /** Counts what is older than $1 milliseconds. */
  sql: string;
}

const COUNTED: Readonly<Record<keyof Retention, Counted>> = {
  raw: {
    noun: "raw forms",
    sql: `select count(*)::int as n from (select received_at from raw_inbound order by id limit ${ROWS}) r where received_at < ${OLD}`,
  },
  dedupeKeys: {
    noun: "dedupe keys",
    sql: `select count(*)::int as n from dedupe_key where ctid < '(${BLOCKS},0)'::tid and coalesce(seen_at, now()) < ${OLD}`,
  },
  journal: {
    noun: "journals",
    sql: ofClosed("exists (select from event where event.conversation = c.id and seq is not null)"),
  },
  deliveredParts: {
    noun: "conversations' delivered parts",
    sql: ofClosed(`exists (select from outbox o where o.conversation = c.id and o.outcome is not null
      and o.settled_at < ${OLD} and o.content->>'desk' is null)`),
  },
  files: { noun: "conversations' files", sql: ofClosed("exists (select from file where file.conversation = c.id)") },
  closedConversations: { noun: "closed conversations", sql: ofClosed("true") },
};

/** Says what retention would remove now, of the oldest rows; changes nothing. */
export async function checkRetention(pool: pg.Pool, retention: Retention): Promise<Finding> {
  const counts = await Promise.all(
    Object.entries(COUNTED).map(async ([kind, { noun, sql }]) => {
      const keptMs = retention[kind as keyof Retention];
      if (keptMs === null) return `${noun} never`;
      const { rows } = await pool.query<{ n: number }>(sql, [keptMs]);
      return `${noun} ${rows[0]?.n ?? 0}`;
    }),
  );
  return fine("retention", `would be removed now, of the oldest: ${counts.join(", ")}`);
}
