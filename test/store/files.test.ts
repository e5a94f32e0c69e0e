import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createLogger } from "../../src/lib/logger.ts";
import { type Db, openDb } from "../../src/store/db.ts";
import { renewFileLinks, revokeFileLinks } from "../../src/store/file-links.ts";
import { FILE_LINK_LASTS_DAYS, readFile, storeFile } from "../../src/store/files.ts";
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

it("lets a link read for some days, and the file stay for those who need none", async () => {
  const { id, token } = await storeFile(db, file("ask-link"));
  const { rows } = await db.pool.query("select link_until - at as lasts from file where id = $1", [id]);
  expect(rows).toEqual([{ lasts: expect.objectContaining({ days: FILE_LINK_LASTS_DAYS }) }]);
  await db.pool.query("update file set link_until = now() - interval '1 second' where id = $1", [id]);
  expect(await readFile(db, { token })).toBeNull();
  expect((await readFile(db, { id }))?.file.token).toBe(token);
});

it("prolongs a link that is good, and never brings back one that is over", async () => {
  const own = { conversation: 71 };
  const good = await storeFile(db, { ...file("ask-good"), ...own });
  const over = await storeFile(db, { ...file("ask-over"), ...own });
  await db.pool.query("update file set link_until = now() + interval '1 hour' where id = $1", [good.id]);
  expect(await revokeFileLinks(db, { token: over.token })).toBe(1);
  const [first, second] = await renewFileLinks(db, 71);
  expect(first).toEqual(good);
  expect(second).toEqual({ ...over, token: expect.not.stringContaining(over.token) });
  expect(await readFile(db, { token: over.token })).toBeNull();
  for (const { token } of [good, second ?? good]) expect(await readFile(db, { token })).not.toBeNull();
  const { rows } = await db.pool.query(
    "select min(link_until) > now() + interval '6 days' as ok from file where conversation = 71",
  );
  expect(rows).toEqual([{ ok: true }]);
});

it("revokes one link, or all of a conversation, and no other", async () => {
  const [one, two] = [
    await storeFile(db, { ...file("ask-r1"), conversation: 72 }),
    await storeFile(db, { ...file("ask-r2"), conversation: 72 }),
  ];
  const other = await storeFile(db, { ...file("ask-r3"), conversation: 73 });
  expect(await revokeFileLinks(db, { conversation: 72 })).toBe(2);
  expect(await revokeFileLinks(db, { token: one.token })).toBe(0);
  for (const { token } of [one, two]) expect(await readFile(db, { token })).toBeNull();
  expect(await readFile(db, { token: other.token })).not.toBeNull();
});
