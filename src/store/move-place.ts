/**
 * Rewrites the id of a place, and of all threads and messages in it, after the platform gave the place a new one (Slack
 * does when a private channel begins to be shared). It is one statement, so that no reader sees half of it; doing it twice
 * changes nothing.
 *
 * 1. The ids of a place's threads and messages begin with the id of the place and a colon (domain/ids.ts).
 * 2. Conversations are locked in the order in which inbound and turns lock them.
 * 3. Where somebody wrote under the new id before we heard of the change, the conversation that this opened takes what
 *    comes next; the old one keeps what it has to send.
 * 4. The ids of messages that were sent change too, because edits name them.
 */
import type { RemoteChannelId } from "../domain/ids.ts";
import type { Db, Statement } from "./db.ts";

const isInPlace = (column: string) => `(${column} = $2 or starts_with(${column}, $2 || ':'))`;
const moved = (column: string) => `$3 || substr(${column}, length($2) + 1)`;

const MOVE: Statement = {
  name: "move_place",
  text: `
with moved_place as (
  update desk_place set place = $3, seen_at = now() where channel = $1 and place = $2
), locked as materialized (
  select c.id, ${moved("c.thread")} as thread from conversation c
  where c.channel = $1 and ${isInPlace("c.thread")} order by c.channel, c.thread, c.id for no key update of c
), moved_conversation as (
  update conversation c
  set thread = locked.thread,
      joinable = c.joinable and not exists (
        select from conversation taken where taken.channel = $1 and taken.thread = locked.thread and taken.joinable)
  from locked where c.id = locked.id
  returning c.id
), moved_case as (
  update "case" k set thread = ${moved("k.thread")}
  where k.desk_channel = $1 and ${isInPlace("k.thread")}
    and not exists (select from "case" taken where taken.desk_channel = $1 and taken.thread = ${moved("k.thread")})
  returning k.conversation
), affected as materialized (
  select id from locked union select conversation from moved_case
), part as materialized (
  select o.id, o.remote_id from affected cross join lateral (
    select id, channel, thread, remote_id, outcome from outbox where outbox.conversation = affected.id offset 0
  ) o
  where o.channel = $1 and ((o.outcome is null and ${isInPlace("o.thread")}) or ${isInPlace("o.remote_id")})
  order by o.id
), moved_part as (
  update outbox o
  set thread = case when o.outcome is null and ${isInPlace("o.thread")} then ${moved("o.thread")} else o.thread end,
      remote_id = case when ${isInPlace("o.remote_id")} then ${moved("o.remote_id")} else o.remote_id end
  from part where o.id = part.id
)
update delivery d set remote_id = ${moved("d.remote_id")}
from part where d.channel = $1 and d.remote_id = part.remote_id and ${isInPlace("d.remote_id")}`,
};

/** Moves everything that a channel has in the place `from` to the place `to`. Throws what the database throws. */
export async function movePlace(
  db: Db,
  channel: string,
  o: { from: RemoteChannelId; to: RemoteChannelId },
): Promise<void> {
  if (o.from !== o.to) await db.run(MOVE, [channel, o.from, o.to]);
}
