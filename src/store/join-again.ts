/** Lets conversations take the messages of their thread again (U5). */
import { type Db, isRefusedForGood, type Statement } from "./db.ts";

// Of several conversations of one thread the latest; none where another one takes the thread's messages. Locked in the
// order in which inbound locks them.
const JOIN: Statement = {
  name: "join_again",
  text: `
with lost as materialized (
  select distinct on (c.channel, c.thread) c.id, c.channel, c.thread
  from conversation c
  where c.id = any($1::bigint[]) and not c.joinable and c.closed_at is null
  order by c.channel, c.thread, c.id desc
), locked as materialized (
  select c.id from conversation c join lost on lost.id = c.id
  where c.id = any(array(select id from lost)) and not c.joinable and c.closed_at is null
    and not exists (
      select from conversation o where o.channel = lost.channel and o.thread = lost.thread and o.joinable)
  order by c.channel, c.thread for no key update of c
)
update conversation c set joinable = true from locked where c.id = any(array(select id from locked)) and c.id = locked.id
returning c.id`,
};

/**
 * Makes open conversations joinable, where no other one of their thread is. Returns the ids of those that are now. One whose
 * thread gets a new conversation at this very moment is left as it is.
 */
export async function joinAgain(db: Db, ids: readonly number[]): Promise<number[]> {
  if (ids.length === 0) return [];
  try {
    return (await db.run<{ id: number }>(JOIN, [ids])).map(({ id }) => id);
  } catch (error) {
    // Inbound opened a conversation for one of the threads meanwhile; the others are tried alone.
    if (!isRefusedForGood(error)) throw error;
    if (ids.length === 1) return [];
    const alone: number[] = [];
    for (const id of ids) alone.push(...(await joinAgain(db, [id])));
    return alone;
  }
}
