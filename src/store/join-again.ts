import type { Db, Statement } from "./db.ts";

// In the order in which inbound locks conversations. One that another takes the messages of its thread stays as it is.
const JOIN: Statement = {
  name: "join_again",
  text: `
with again as materialized (
  select c.id from conversation c
  where c.id = any($1::bigint[]) and not c.joinable and c.closed_at is null and not exists (
    select 1 from conversation other where other.channel = c.channel and other.thread = c.thread and other.joinable)
  order by c.channel, c.thread, c.id for no key update of c skip locked
)
update conversation set joinable = true from again where conversation.id = again.id`,
};

/** SQLSTATE of unique_violation: a message opened a new conversation in that thread at the same moment. */
const TAKEN = "23505";

/** Lets open conversations take the messages of their threads again, where no other one does (U5). */
export async function joinAgain(db: Db, conversations: readonly number[]): Promise<void> {
  try {
    await db.run(JOIN, [conversations]);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === TAKEN)) throw error;
  }
}
