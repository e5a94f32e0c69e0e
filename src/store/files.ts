import { createHash, randomBytes } from "node:crypto";
import type { StoredFile } from "../domain/message.ts";
import type { Db, Statement } from "./db.ts";

/**
 * Days for which a link reads a file: a platform fetches within minutes, and tries again for hours; a customer looks within
 * days. Ours, and the default of the column `link_until`.
 */
export const FILE_LINK_LASTS_DAYS = 7;

const COLUMNS = `id, name, media_type as "mediaType", bytes, token`;

// The same ask again answers with the first row: an upsert that changes nothing sees it even while another commits it.
const STORE: Statement = {
  name: "store_file",
  text: `
insert into file (conversation, ask, token, name, media_type, bytes, sha256, content)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (ask) do update set ask = excluded.ask
returning ${COLUMNS}`,
};

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

/** 128 bits: whoever has it may read the file until the link is over, so it can't be guessed (OWASP: at least 64 bits of entropy for such an id). */
const TOKEN_BYTES = 16;

export const fileToken = (): string => randomBytes(TOKEN_BYTES).toString("base64url");

export interface NewFile {
  conversation: number;
  /** The ask that fetched it: a second file of the same ask is the first one. */
  ask: string;
  /** Cleaned already. */
  name: string;
  mediaType: string;
  bytes: Uint8Array;
}

/** Keeps a file, once per ask. */
export async function storeFile(db: Db, file: NewFile): Promise<StoredFile> {
  const content = Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength);
  const sha256 = createHash("sha256").update(content).digest("hex");
  const [row] = await db.run<StoredFile>(STORE, [
    file.conversation,
    file.ask,
    fileToken(),
    file.name,
    file.mediaType,
    content.byteLength,
    sha256,
    content,
  ]);
  if (row === undefined) throw new Error("Postgres answered an upsert without its row");
  return row;
}

export interface ReadFile {
  file: StoredFile;
  content: Uint8Array;
}

/** Ours to read, one of a conversation on these channels, or whatever a link leads to that is still good. */
type By = { id: number } | { id: number; channels: readonly string[] } | { token: string };

/** A file with its bytes; null where there is none. */
export async function readFile(db: Db, by: By): Promise<ReadFile | null> {
  const [row] = await db.run<StoredFile & { content: Buffer }>(...askedBy(by));
  if (row === undefined) return null;
  const { content, ...file } = row;
  return { file, content };
}

function askedBy(by: By): [Statement, unknown[]] {
  if ("token" in by) return [READ_BY_TOKEN, [by.token]];
  return "channels" in by ? [READ_OF_CHANNELS, [by.id, by.channels]] : [READ_BY_ID, [by.id]];
}
