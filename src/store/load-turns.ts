import type { Db, Statement } from "./db.ts";

/** Maximum number of events in one turn (T2); the next turn folds the rest. */
export const TURN_EVENTS = 50;

/** A conversation as a turn loads it, with its pending events, oldest first. */
export interface LoadedTurn {
  id: number;
  version: number;
  channel: string;
  thread: string;
  openedAt: string;
  state: unknown;
  pending: PendingEvent[];
  /** Its runs under way. */
  runs: { id: string; format: number; body: unknown }[];
}

export interface PendingEvent {
  id: number;
  kind: string;
  payload: unknown;
  at: string;
  /** Number of the payload's format (V1). */
  format: number;
  /** Turns that began with it and were lost; a mark is left before each (P1). */
  tries: number;
  /** Time since the latest of them, milliseconds; null: there was none. */
  triedMsAgo: number | null;
  /** Time since it was stored, milliseconds, by the database's clock (E6). */
  ageMs: number;
}

// One statement, one snapshot, no lock: a locking read would return the new version with the old pending rows.
const LOAD: Statement = {
  name: "load_turns",
  text: `
select c.id, c.version, c.channel, c.thread, c.opened_at as "openedAt", c.state,
  (select coalesce(json_agg(json_build_object('id', e.id, 'kind', e.kind, 'payload', e.payload, 'at', e.at,
      'format', e.format, 'tries', e.tries, 'triedMsAgo', round(extract(epoch from now() - e.tried_at) * 1000),
      'ageMs', round(extract(epoch from now() - e.at) * 1000)) order by e.id), '[]')
   from (select id, kind, payload, at, format, tries, tried_at from event where conversation = c.id and seq is null order by id limit ${TURN_EVENTS}) e
  ) as pending,
  (select coalesce(json_agg(json_build_object('id', r.id, 'format', r.format, 'body', r.body) order by r.started_at, r.id), '[]')
   from run r where r.conversation = c.id) as runs
from conversation c where c.id = any($1::bigint[])`,
};

/** Loads conversations in the order of `ids`; null where there is none of that id. */
export async function loadTurns(db: Db, ids: readonly number[]): Promise<(LoadedTurn | null)[]> {
  const rows = await db.run<LoadedTurn>(LOAD, [ids]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}
