/** Marks that a turn leaves before it begins with an event that an earlier turn may have been lost with (P1). */
import type { Db, Statement } from "./db.ts";

const BEGIN: Statement = {
  name: "begin_tries",
  text: `update event set tries = tries + 1, tried_at = now() where id = any($1::bigint[]) and seq is null`,
};

const END: Statement = {
  name: "end_tries",
  text: `update event set tries = greatest(tries - 1, 0), tried_at = null where id = any($1::bigint[]) and seq is null`,
};

/** Marks that turns begin with these events. */
export async function beginTries(db: Db, events: readonly number[]): Promise<void> {
  await db.run(BEGIN, [events]);
}

/** Takes the marks back: the turns failed in a way that their process survived. */
export async function endTries(db: Db, events: readonly number[]): Promise<void> {
  await db.run(END, [events]);
}
