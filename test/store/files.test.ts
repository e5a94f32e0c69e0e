import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createLogger } from "../../src/lib/logger.ts";
import { type Db, openDb } from "../../src/store/db.ts";
import { readFile, storeFile } from "../../src/store/files.ts";
import { type FreshDatabase, freshDatabase } from "../support/services.ts";

let database: FreshDatabase;
let db: Db;

beforeAll(async () => {
  database = await freshDatabase();
  db = openDb({ url: database.url, log: createLogger({ level: "silent" }), max: 8 });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, n) => n);
const file = (ask: string, bytes: Uint8Array = ALL_BYTES) => ({
  conversation: 7,
  ask,
  name: "März.bin",
  mediaType: "image/png",
  bytes,
});

it("gives back the very bytes, by id and by token", async () => {
  // A window into a larger buffer: only the window is the file.
  const window = new Uint8Array([9, 9, ...ALL_BYTES, 9]).subarray(2, 258);
  const stored = await storeFile(db, file("ask-1", window));
  expect(stored).toEqual({
    id: expect.any(Number),
    name: "März.bin",
    mediaType: "image/png",
    bytes: 256,
    token: stored.token,
  });
  for (const by of [{ id: stored.id }, { token: stored.token }]) {
    const read = await readFile(db, by);
    expect(read?.file).toEqual(stored);
    expect(Buffer.from(read?.content ?? []).equals(ALL_BYTES)).toBe(true);
  }
  const { rows } = await db.pool.query("select sha256, conversation from file where id = $1", [stored.id]);
  expect(rows).toEqual([{ sha256: createHash("sha256").update(ALL_BYTES).digest("hex"), conversation: 7 }]);
});

it("keeps one file per ask, however many store it at once; the first one stays", async () => {
  const made = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => storeFile(db, file("ask-2", Uint8Array.of(n)))));
  expect(new Set(made.map(({ id, token }) => `${id} ${token}`)).size).toBe(1);
  const again = await storeFile(db, { ...file("ask-2", Uint8Array.of(9, 9)), name: "other.bin" });
  expect(again).toEqual(made[0]);
  const { rows } = await db.pool.query("select count(*) as n from file where ask = 'ask-2'");
  expect(rows).toEqual([{ n: 1 }]);
});

it("gives every file a token of 128 bits that tells nothing of another", async () => {
  const made = await Promise.all(Array.from({ length: 20 }, (_, n) => storeFile(db, file(`ask-t${n}`))));
  const tokens = made.map(({ token }) => token);
  expect(new Set(tokens).size).toBe(20);
  for (const token of tokens) expect(Buffer.from(token, "base64url")).toHaveLength(16);
});

it("answers null for what is not there", async () => {
  expect(await readFile(db, { id: 999_999 })).toBeNull();
  expect(await readFile(db, { token: "AAAAAAAAAAAAAAAAAAAAAA" })).toBeNull();
});

it("takes a file of 20 MB", async () => {
  const bytes = new Uint8Array(20 * 1024 * 1024).fill(0xab);
  const stored = await storeFile(db, file("ask-large", bytes));
  const read = await readFile(db, { token: stored.token });
  expect(Buffer.from(bytes).equals(read?.content ?? new Uint8Array())).toBe(true);
});
