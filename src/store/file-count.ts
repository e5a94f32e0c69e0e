import type { Db } from "./db.ts";

/** A store of files that is busy is counted at the next start. */
const LOCK_WITHIN = "set local lock_timeout = '2s'";
// Under the lock of the row with which storeFile counts, in a statement after it: what was committed is seen, and what is
// not waits for the lock, and counts itself.
const LOCK = "select files, bytes::float from file_store for update";
const COUNT = "select count(*)::int as files, coalesce(sum(bytes), 0)::float as bytes from file";
const SET = "update file_store set files = $1, bytes = $2";

export interface FileCount {
  files: number;
  bytes: number;
}

/**
 * Counts the kept files anew, so that a count that went wrong (a restored table, a file removed by hand, an older process
 * beside a newer one) is right again. Answers with both counts where they differed; null where they did not. Throws what
 * the database throws.
 */
export async function recountFiles({ pool }: Pick<Db, "pool">): Promise<{ before: FileCount; now: FileCount } | null> {
  const client = await pool.connect();
  let done = false;
  try {
    await client.query("begin");
    await client.query(LOCK_WITHIN);
    const before = (await client.query<FileCount>(LOCK)).rows[0];
    const now = (await client.query<FileCount>(COUNT)).rows[0];
    const differs = before !== undefined && now !== undefined && !same(before, now);
    if (differs) await client.query(SET, [now.files, now.bytes]);
    await client.query("commit");
    done = true;
    return differs ? { before, now } : null;
  } finally {
    // A connection in the middle of something is no use to anybody.
    client.release(!done);
  }
}

const same = (one: FileCount, other: FileCount): boolean => one.files === other.files && one.bytes === other.bytes;
