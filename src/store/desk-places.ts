/** The places in which a desk shows its queues' cases; `mayLook` lets one process per period check them. */
import type { RemoteChannelId } from "../domain/ids.ts";
import type { Db, Statement } from "./db.ts";

interface PlaceRow {
  queue: string;
  place: RemoteChannelId;
  refused: string | null;
}

const PLACES: Statement = {
  name: "desk_places",
  text: `select queue, place, refused from desk_place where channel = $1 order by queue`,
};

const SAVE: Statement = {
  name: "save_desk_place",
  text: `
insert into desk_place (channel, queue, place, refused) values ($1, $2, $3, $4)
on conflict (channel, queue) do update set place = excluded.place, refused = excluded.refused, seen_at = now()`,
};

/** The latest finding about each queue of a desk. */
export const deskPlaces = (db: Db, channel: string): Promise<PlaceRow[]> => db.run<PlaceRow>(PLACES, [channel]);

/** Saves the latest finding about one queue. */
export async function saveDeskPlace(db: Db, channel: string, { queue, place, refused }: PlaceRow): Promise<void> {
  await db.run(SAVE, [channel, queue, place, refused]);
}

// Uses the database's clock, since those of the processes' machines may differ.
const LOOK: Statement = {
  name: "desk_look",
  text: `
insert into desk_look (what, at) values ($1, now())
on conflict (what) do update set at = excluded.at
where desk_look.at <= excluded.at - $2::float8 * interval '1 millisecond'
returning what`,
};

/** True for one caller per period among all processes. */
export async function mayLook(db: Db, what: string, everyMs: number): Promise<boolean> {
  return (await db.run(LOOK, [what, everyMs])).length > 0;
}
