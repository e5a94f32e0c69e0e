import type { Db } from "./db.ts";

/** When the table is busy the recount waits for the next start. */
const LOCK_WITHIN = "set local lock_timeout = '2s'";
// Counts under the row lock that storeFile takes, in a later statement: committed files are seen, and others wait for the
// lock and count themselves.
const LOCK = "select files, bytes::float from file_store for update";
const COUNT = "select count(*)::int as files, coalesce(sum(bytes), 0)::float as bytes from file";
const SET = "update file_store set files = $1, bytes = $2";

export interface FileCount {
  files: number;
  bytes: number;
}

/**
 * Recounts the stored files and corrects the total (after a restored table, a file removed by hand, or an older process
 * beside a newer one). Returns both counts if they differed, else null. Throws database errors.
 */
export async function recountFiles({ pool }: Pick<Db, "pool">): Promise<{ before: FileCount; now: FileCount } | null> {
  const client = await pool.connect();
  let done = false;
  try {
    await client.query("begin");
    await client.query(LOCK_WITHIN);
    const before = (await client.query<FileCount>(LOCK)).rows[0];
    const now = (await client.query<FileCount>(COUNT)).rows[0];
    const differs = before !== undefined && now !== undefined && !isSame(before, now);
    if (differs) await client.query(SET, [now.files, now.bytes]);
    await client.query("commit");
    done = true;
    return differs ? { before, now } : null;
  } finally {
    // After a failure the connection may be inside a transaction, so it is destroyed.
    client.release(!done);
  }
}

const isSame = (one: FileCount, other: FileCount): boolean => one.files === other.files && one.bytes === other.bytes;
