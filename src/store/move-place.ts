/**
 * A platform gave a place a new id (Slack, when a private channel begins to be shared): everything that names the old one
 * is rewritten, in one statement, so that no reader sees half of it. Doing it twice changes nothing.
 *
 * 1. A place's threads and messages have ids that begin with its own and a colon (domain/ids.ts).
 * 2. Conversations are locked in the order in which inbound and turns lock them.
 * 3. Where somebody wrote under the new id before we heard of it, that conversation takes what comes; the old one keeps
 *    what it has to send.
 * 4. Of what was sent, the platform's ids follow too: an edit goes by them.
 */
import type { RemoteChannelId } from "../domain/ids.ts";
import type { Db, Statement } from "./db.ts";

const inPlace = (column: string) => `(${column} = $2 or starts_with(${column}, $2 || ':'))`;
const follow = (column: string) => `$3 || substr(${column}, length($2) + 1)`;

const MOVE: Statement = {
  name: "move_place",
  text: `
with place as (
  update desk_place set place = $3, seen_at = now() where channel = $1 and place = $2
), held as materialized (
  select c.id, ${follow("c.thread")} as thread from conversation c
  where c.channel = $1 and ${inPlace("c.thread")} order by c.channel, c.thread, c.id for no key update of c
), conversed as (
  update conversation c
  set thread = held.thread,
      joinable = c.joinable and not exists (
        select from conversation taken where taken.channel = $1 and taken.thread = held.thread and taken.joinable)
  from held where c.id = held.id
  returning c.id
), shown as (
  update "case" k set thread = ${follow("k.thread")}
  where k.desk_channel = $1 and ${inPlace("k.thread")}
    and not exists (select from "case" taken where taken.desk_channel = $1 and taken.thread = ${follow("k.thread")})
  returning k.conversation
), about as materialized (
  select id from held union select conversation from shown
), part as materialized (
  select o.id, o.remote_id from about cross join lateral (
    select id, channel, thread, remote_id, outcome from outbox where outbox.conversation = about.id offset 0
  ) o
  where o.channel = $1 and ((o.outcome is null and ${inPlace("o.thread")}) or ${inPlace("o.remote_id")})
  order by o.id
), sent as (
  update outbox o
  set thread = case when o.outcome is null and ${inPlace("o.thread")} then ${follow("o.thread")} else o.thread end,
      remote_id = case when ${inPlace("o.remote_id")} then ${follow("o.remote_id")} else o.remote_id end
  from part where o.id = part.id
)
update delivery d set remote_id = ${follow("d.remote_id")}
from part where d.channel = $1 and d.remote_id = part.remote_id and ${inPlace("d.remote_id")}`,
};

/** Lets everything of a channel that lies in the place `from` follow to `to`. Throws what the database throws. */
export async function movePlace(
  db: Db,
  channel: string,
  o: { from: RemoteChannelId; to: RemoteChannelId },
): Promise<void> {
  if (o.from !== o.to) await db.run(MOVE, [channel, o.from, o.to]);
}
