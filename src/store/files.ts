import { createHash, randomBytes } from "node:crypto";
import type { StoredFile } from "../domain/message.ts";
import type { Db, Statement } from "./db.ts";

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
const READ_BY_TOKEN: Statement = {
  name: "read_file_by_token",
  text: `select ${COLUMNS}, content from file where token = $1`,
};

/** 128 bits: whoever has it may read the file, so it can't be guessed (OWASP: at least 64 bits of entropy for such an id). */
const TOKEN_BYTES = 16;

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
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const [row] = await db.run<StoredFile>(STORE, [
    file.conversation,
    file.ask,
    token,
    file.name,
    file.mediaType,
    content.byteLength,
    sha256,
    content,
  ]);
  if (row === undefined) throw new Error("Postgres answered an upsert without its row");
  return row;
}

/** A file with its bytes; null where there is none. */
export async function readFile(
  db: Db,
  by: { id: number } | { token: string },
): Promise<{ file: StoredFile; content: Uint8Array } | null> {
  const [statement, value] = "id" in by ? [READ_BY_ID, by.id] : [READ_BY_TOKEN, by.token];
  const [row] = await db.run<StoredFile & { content: Buffer }>(statement, [value]);
  if (row === undefined) return null;
  const { content, ...file } = row;
  return { file, content };
}
