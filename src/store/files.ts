import { randomBytes } from "node:crypto";
import type { PoolClient } from "pg";
import { DEFAULT_LIMITS, type FileLimits } from "../domain/limits.ts";
import type { StoredFile } from "../domain/message.ts";
import { sha256 } from "../lib/digest.ts";
import type { Db, Statement } from "./db.ts";

/**
 * Days for which a link to a file is valid: a platform fetches within minutes and retries for hours; a customer looks
 * within days. Our choice, and the default of the column `link_until`.
 */
export const FILE_LINK_LASTS_DAYS = 7;

const COLUMNS = `id, name, media_type as "mediaType", bytes, token`;

// The same ask returns the first row: an upsert without a change sees it even while another transaction commits it.
// The row written here counts for no quota before it is committed.
const STORE: Statement = {
  name: "store_file",
  text: `
insert into file (conversation, ask, token, name, media_type, bytes, sha256, content)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (ask) do update set ask = excluded.ask
returning ${COLUMNS}, xmax = 0 as made`,
};

// A message's files belong to one event, whose id begins their asks.
const USE: Statement = {
  name: "file_use",
  text: `
select coalesce((select sum(f.bytes) from file f
         where f.conversation = $1 and split_part(f.ask, '.', 1) = split_part($2, '.', 1)), 0)::float as "perMessage",
       coalesce((select sum(f.bytes) from file f where f.conversation = $1), 0)::float as "perConversation",
       coalesce((select sum(f.bytes) from conversation mine
         join conversation theirs on theirs.contact = mine.contact join file f on f.conversation = theirs.id
         where mine.id = $1 and f.at > now() - interval '1 day'), 0)::float as "perSenderDay",
       (select bytes from file_store)::float as store`,
};

const KEPT: Statement = { name: "kept_file", text: `select ${COLUMNS} from file where ask = $1` };

/** Serialises counting; the row is locked only for the count and the commit. */
const LOCK = "select bytes from file_store for update";
const COUNT = "update file_store set files = files + 1, bytes = bytes + $1";

const READ_BY_ID: Statement = { name: "read_file", text: `select ${COLUMNS}, content from file where id = $1` };
const READ_OF_CHANNELS: Statement = {
  name: "read_file_of_channels",
  text: `select f.id, f.name, f.media_type as "mediaType", f.bytes, f.token, f.content
    from file f join conversation c on c.id = f.conversation where f.id = $1 and c.channel = any($2::text[])`,
};
const READ_BY_TOKEN: Statement = {
  name: "read_file_by_token",
  text: `select ${COLUMNS}, content from file where token = $1 and link_until > now()`,
};

/**
 * 128 bits: the token grants access to the file until the link expires, so it has to be unguessable (OWASP: at least 64
 * bits of entropy).
 */
const TOKEN_BYTES = 16;

export const fileToken = (): string => randomBytes(TOKEN_BYTES).toString("base64url");

export interface NewFile {
  conversation: number;
  /** The ask that fetched it; each ask stores one file. */
  ask: string;
  /** Already cleaned. */
  name: string;
  mediaType: string;
  bytes: Uint8Array;
}

/** The stored file, or the exceeded quota. */
export type StoreResult = { ok: true; file: StoredFile } | { ok: false; quota: keyof FileLimits };

/**
 * Stores a file, once per ask, unless a quota is exceeded. Concurrent files can't both take the last room: each is
 * counted under a row lock, after the ones counted before.
 */
export async function storeFile(
  db: Db,
  file: NewFile,
  limits: FileLimits = DEFAULT_LIMITS.files,
): Promise<StoreResult> {
  const [known] = await db.run<StoredFile>(KEPT, [file.ask]);
  if (known !== undefined) return { ok: true, file: known };
  // Checked first, so that a flood is refused without writing and rolling back.
  const quota = await exceededQuota(db, { ...file, bytes: file.bytes.byteLength }, limits);
  return quota === null ? storeWithin(db, file, limits) : { ok: false, quota };
}

/** Returns the first quota that `bytes` more would exceed; null when there is none. */
export async function exceededQuota(
  db: Pick<Db, "run">,
  { conversation, ask, bytes }: { conversation: number; ask: string; bytes: number },
  limits: FileLimits,
): Promise<keyof FileLimits | null> {
  const [use] = await db.run<FileLimits>(USE, [conversation, ask]);
  return use === undefined ? null : (QUOTAS.find((quota) => use[quota] + bytes > limits[quota]) ?? null);
}

const QUOTAS = ["perMessage", "perConversation", "perSenderDay", "store"] as const satisfies (keyof FileLimits)[];

async function storeWithin(db: Db, file: NewFile, limits: FileLimits): Promise<StoreResult> {
  const client = await db.pool.connect();
  const run = async <Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]> =>
    (await client.query({ ...statement, values: [...values] })).rows as Row[];
  let failure: unknown = true;
  try {
    await client.query("begin");
    const [row] = await run<StoredFile & { made: boolean }>(STORE, valuesOf(file));
    if (row === undefined) throw new Error("Postgres answered an upsert without its row");
    const { made, ...stored } = row;
    const quota = made ? await countWithinQuota({ run, client }, file, limits) : null;
    await client.query(quota === null ? "commit" : "rollback");
    failure = undefined;
    return quota === null ? { ok: true, file: stored } : { ok: false, quota };
  } finally {
    // After a failure the connection may be inside a transaction, so it is destroyed.
    client.release(failure !== undefined);
  }
}

interface Within {
  run: Db["run"];
  client: PoolClient;
}

/** Counts the new file if no quota is exceeded. The sums include the file, which other transactions do not see yet. */
async function countWithinQuota(
  { run, client }: Within,
  file: NewFile,
  limits: FileLimits,
): Promise<keyof FileLimits | null> {
  await client.query(LOCK);
  const { byteLength } = file.bytes;
  // The store's total does not include it yet.
  const quota = await exceededQuota({ run }, { ...file, bytes: 0 }, { ...limits, store: limits.store - byteLength });
  if (quota === null) await client.query(COUNT, [byteLength]);
  return quota;
}

function valuesOf({ conversation, ask, name, mediaType, bytes }: NewFile): unknown[] {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return [conversation, ask, fileToken(), name, mediaType, content.byteLength, sha256(content), content];
}

const REFUSE: Statement = {
  name: "refuse_attachment",
  text: `
update message m set attachments = (
  select jsonb_agg(case when a->>'ref' = $2 then a || jsonb_build_object('refused', $3::text) else a end order by n)
  from jsonb_array_elements(m.attachments) with ordinality as x(a, n))
from event e
where e.id = $1 and e.kind = 'message' and m.id = (e.payload->>'message')::bigint and m.attachments <> '[]'::jsonb`,
};

/** Marks an attachment of a customer's message as not stored, with the reason. */
export async function refuseAttachment(db: Db, of: { ask: string; ref: string; message: string }): Promise<void> {
  const event = /^e(\d+)\./.exec(of.ask)?.[1];
  if (event !== undefined) await db.run(REFUSE, [event, of.ref, of.message]);
}

export interface ReadFile {
  file: StoredFile;
  content: Uint8Array;
}

/** Selects any file by id, one of a conversation on these channels, or the file of a valid link. */
type By = { id: number } | { id: number; channels: readonly string[] } | { token: string };

/** Reads a file with its bytes; null when there is none. */
export async function readFile(db: Db, by: By): Promise<ReadFile | null> {
  const [row] = await db.run<StoredFile & { content: Buffer }>(...statementFor(by));
  if (row === undefined) return null;
  const { content, ...file } = row;
  return { file, content };
}

function statementFor(by: By): [Statement, unknown[]] {
  if ("token" in by) return [READ_BY_TOKEN, [by.token]];
  return "channels" in by ? [READ_OF_CHANNELS, [by.id, by.channels]] : [READ_BY_ID, [by.id]];
}
