import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../../src/domain/limits.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { type Db, openDb } from "../../src/store/db.ts";
import { recountFiles } from "../../src/store/file-count.ts";
import { renewFileLinks, revokeFileLinks } from "../../src/store/file-links.ts";
import { FILE_LINK_LASTS_DAYS, readFile, storeFile } from "../../src/store/files.ts";
import { storeTestFile } from "../support/kept-file.ts";
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

it("returns the same bytes, by id and by token", async () => {
  // A view of a larger buffer: only the view is the file.
  const window = new Uint8Array([9, 9, ...ALL_BYTES, 9]).subarray(2, 258);
  const stored = await storeTestFile(db, file("ask-1", window));
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

it("stores one file per ask, the first, even when several store it at once", async () => {
  const made = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => storeTestFile(db, file("ask-2", Uint8Array.of(n)))));
  expect(new Set(made.map(({ id, token }) => `${id} ${token}`)).size).toBe(1);
  const again = await storeTestFile(db, { ...file("ask-2", Uint8Array.of(9, 9)), name: "other.bin" });
  expect(again).toEqual(made[0]);
  const { rows } = await db.pool.query("select count(*) as n from file where ask = 'ask-2'");
  expect(rows).toEqual([{ n: 1 }]);
});

it("gives every file a token of 128 bits of its own", async () => {
  const made = await Promise.all(Array.from({ length: 20 }, (_, n) => storeTestFile(db, file(`ask-t${n}`))));
  const tokens = made.map(({ token }) => token);
  expect(new Set(tokens).size).toBe(20);
  for (const token of tokens) expect(Buffer.from(token, "base64url")).toHaveLength(16);
});

it("returns null for an unknown file", async () => {
  expect(await readFile(db, { id: 999_999 })).toBeNull();
  expect(await readFile(db, { token: "AAAAAAAAAAAAAAAAAAAAAA" })).toBeNull();
});

it("stores a file of 20 MB", async () => {
  const bytes = new Uint8Array(20 * 1024 * 1024).fill(0xab);
  const stored = await storeTestFile(db, file("ask-large", bytes));
  const read = await readFile(db, { token: stored.token });
  expect(Buffer.from(bytes).equals(read?.content ?? new Uint8Array())).toBe(true);
});

it("ends a link after some days, and keeps the file", async () => {
  const { id, token } = await storeTestFile(db, file("ask-link"));
  const { rows } = await db.pool.query("select link_until - at as lasts from file where id = $1", [id]);
  expect(rows).toEqual([{ lasts: expect.objectContaining({ days: FILE_LINK_LASTS_DAYS }) }]);
  await db.pool.query("update file set link_until = now() - interval '1 second' where id = $1", [id]);
  expect(await readFile(db, { token })).toBeNull();
  expect((await readFile(db, { id }))?.file.token).toBe(token);
});

it("extends a valid link, and never revives an expired one", async () => {
  const own = { conversation: 71 };
  const good = await storeTestFile(db, { ...file("ask-good"), ...own });
  const over = await storeTestFile(db, { ...file("ask-over"), ...own });
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

it("revokes one link or all of a conversation, and no others", async () => {
  const [one, two] = [
    await storeTestFile(db, { ...file("ask-r1"), conversation: 72 }),
    await storeTestFile(db, { ...file("ask-r2"), conversation: 72 }),
  ];
  const other = await storeTestFile(db, { ...file("ask-r3"), conversation: 73 });
  expect(await revokeFileLinks(db, { conversation: 72 })).toBe(2);
  expect(await revokeFileLinks(db, { token: one.token })).toBe(0);
  for (const { token } of [one, two]) expect(await readFile(db, { token })).toBeNull();
  expect(await readFile(db, { token: other.token })).not.toBeNull();
});

const fileOfSize = (conversation: number, ask: string, bytes: number) => ({
  ...file(ask, new Uint8Array(bytes).fill(1)),
  conversation,
});
const totalBytes = async () => Number((await db.pool.query("select bytes from file_store")).rows[0].bytes);
const storedBytes = async (conversation: number) =>
  Number(
    (await db.pool.query("select coalesce(sum(bytes), 0) as n from file where conversation = $1", [conversation]))
      .rows[0].n,
  );

describe("a quota", () => {
  const limits = { ...DEFAULT_LIMITS.files, perMessage: 1_000, perConversation: 2_000, perSenderDay: 3_000 };
  it.each([
    ["of a message", "perMessage", [fileOfSize(101, "e1.f0", 600), fileOfSize(101, "e1.f1", 600)]],
    ["of a conversation", "perConversation", ["e2.f0", "e3.f0", "e4.f0"].map((ask) => fileOfSize(102, ask, 900))],
  ] as const)("%s refuses a further file", async (_, quota, files) => {
    const before = await totalBytes();
    const outcomes = [];
    for (const one of files) outcomes.push(await storeFile(db, one, limits));
    expect(outcomes.map(({ ok }) => ok)).toEqual(files.map((__, n) => n < files.length - 1));
    expect(outcomes.at(-1)).toEqual({ ok: false, quota });
    expect((await totalBytes()) - before).toBe(files.slice(1).reduce((sum, one) => sum + one.bytes.byteLength, 0));
    // A stored file is returned again, whatever the quotas.
    expect(await storeFile(db, files[0], limits)).toEqual(outcomes[0]);
  });

  it("of a sender's day counts all their conversations, and only for a day", async () => {
    const { rows } = await db.pool.query<{ id: number }>(
      `insert into conversation (channel, thread, contact) select 'chat', 't' || n, 77 from generate_series(1, 4) n returning id`,
    );
    const ids = rows.map(({ id }) => id);
    const outcomes = [];
    for (const [n, id] of ids.entries())
      outcomes.push(await storeFile(db, fileOfSize(id, `e${id}0${n}.f0`, 900), limits));
    expect(outcomes.map((one) => (one.ok ? "kept" : one.quota))).toEqual(["kept", "kept", "kept", "perSenderDay"]);
    await db.pool.query("update file set at = at - interval '25 hours' where conversation = any($1)", [ids]);
    expect((await storeFile(db, fileOfSize(ids[3] ?? 0, "e9990.f0", 900), limits)).ok).toBe(true);
  });

  it("holds when many files come at once", async () => {
    const before = await totalBytes();
    const crowd = Array.from({ length: 12 }, (_, n) => storeFile(db, fileOfSize(103, `e${500 + n}.f0`, 900), limits));
    const outcomes = await Promise.all(crowd);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(2);
    expect(await storedBytes(103)).toBe(1_800);
    const all = Array.from({ length: 12 }, (_, n) =>
      storeFile(db, fileOfSize(200 + n, `e${600 + n}.f0`, 900), { ...limits, store: before + 1_800 + 2_000 }),
    );
    expect((await Promise.all(all)).map((one) => (one.ok ? "kept" : one.quota)).toSorted()).toEqual([
      "kept",
      "kept",
      ...Array.from({ length: 10 }, () => "store"),
    ]);
    expect(await totalBytes()).toBe(before + 1_800 + 1_800);
  });
});

it("a recount corrects a wrong total, and keeps a right one", async () => {
  await storeTestFile(db, { ...file("counted"), conversation: 301 });
  const right = (await db.pool.query("select files, bytes::float from file_store")).rows[0];
  await db.pool.query("update file_store set files = 0, bytes = 12");
  expect(await recountFiles(db)).toEqual({ before: { files: 0, bytes: 12 }, now: right });
  expect(await recountFiles(db)).toBeNull();
  expect((await db.pool.query("select files, bytes::float from file_store")).rows).toEqual([right]);
});
