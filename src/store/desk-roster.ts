/** Of which queues a desk knows who works in them, and why nobody does in the others. */
import type { Db, Statement } from "./db.ts";

export interface RosterRow {
  queue: string;
  /** Why nobody works there; null: its members are known. */
  closed: string | null;
}

const ROSTERS: Statement = {
  name: "desk_rosters",
  text: `select queue, closed from desk_roster where channel = $1 order by queue`,
};

/** Findings that came last of each queue; of a queue that is not in it, there is none. */
export const deskRosters = (db: Db, channel: string): Promise<RosterRow[]> => db.run<RosterRow>(ROSTERS, [channel]);

const SAVE: Statement = {
  name: "save_desk_roster",
  text: `
insert into desk_roster (channel, queue, closed) values ($1, $2, $3)
on conflict (channel, queue) do update set closed = excluded.closed, seen_at = now()`,
};

export async function saveDeskRoster(db: Db, channel: string, { queue, closed }: RosterRow): Promise<void> {
  await db.run(SAVE, [channel, queue, closed]);
}
