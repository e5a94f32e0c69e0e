/**
 * Ids of platforms that are too long for an index (I10). A digest stands for such an id in all tables but `long_id`, and the
 * original is given back to whoever made it, the adapter.
 */
import { sha256 } from "../lib/digest.ts";
import type { Db, Statement } from "./db.ts";
import { storableJson } from "./text.ts";

/**
 * Bytes that an id may have and be stored as it is. An entry of a B-tree holds about 2,700 bytes, and some indexes have two
 * ids; every platform whose adapter is here stays far below.
 */
const MAX_ID_BYTES = 512;
const PREFIX = "sha256:";
const DIGEST = /^sha256:[0-9a-f]{64}$/;
/** A UTF-16 unit takes at most three bytes in UTF-8, so most ids need not be encoded. */
const MAX_BYTES_A_UNIT = 3;

/** Returns the id as tables hold it: itself, or a digest where it is too long, or looks like a digest. */
export const storableId = (id: string): string => (isLong(id) ? `${PREFIX}${sha256(id)}` : id);

/** As `storableId`, for an id that may come from a table: a digest stays as it is. */
export const storedId = (id: string): string => (DIGEST.test(id) ? id : storableId(id));

function isLong(id: string): boolean {
  if (id.startsWith(PREFIX)) return true;
  return id.length * MAX_BYTES_A_UNIT > MAX_ID_BYTES && Buffer.byteLength(id) > MAX_ID_BYTES;
}

/** An id that is stored as a digest. */
export interface LongId {
  digest: string;
  value: string;
}

/** Those of the ids that are stored as digests, with their originals. */
export const longIds = (ids: readonly string[]): LongId[] =>
  ids.filter(isLong).map((value) => ({ digest: storableId(value), value }));

const KEEP: Statement = {
  name: "keep_long_ids",
  text: `
insert into long_id (digest, value)
select digest, value from json_to_recordset($1::json) as g(digest text, value text) order by digest
on conflict (digest) do nothing`,
};

/** Keeps the originals of ids that are about to be stored as digests; costs nothing where none is. */
export async function keepLongIds(db: Db, ids: readonly string[]): Promise<void> {
  const long = longIds(ids.filter((id) => !DIGEST.test(id)));
  if (long.length > 0) await db.run(KEEP, [storableJson(long)]);
}

const FIND: Statement = { name: "original_id", text: "select value from long_id where digest = $1" };

/** Returns the id as its platform gave it; costs nothing where it is short. */
export async function originalId(db: Db, id: string): Promise<string> {
  if (!id.startsWith(PREFIX)) return id;
  const [row] = await db.run<{ value: string }>(FIND, [id]);
  return row?.value ?? id;
}
