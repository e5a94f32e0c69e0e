/** Queues whose members a desk knows, and the reasons why the others have none. */
import type { Db, Statement } from "./db.ts";

export interface RosterRow {
  queue: string;
  /** Reason why nobody works there; null: its members are known. */
  closed: string | null;
}

const ROSTERS: Statement = {
  name: "desk_rosters",
  text: `select queue, closed from desk_roster where channel = $1 order by queue`,
};

/** The latest finding about each queue that the desk has looked at. */
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
