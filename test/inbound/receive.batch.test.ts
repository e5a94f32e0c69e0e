import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Inbound } from "../../src/adapter/inbound.ts";
import { address, threadId } from "../../src/domain/ids.ts";
import type { Attachment } from "../../src/domain/message.ts";
import { createReceive, type Receive } from "../../src/inbound/receive.ts";
import type { Lanes } from "../../src/jobs/lanes.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { createMetrics } from "../../src/metrics/prometheus.ts";
import { type Db, openDb } from "../../src/store/db.ts";
import { type FreshDatabase, freshDatabase } from "../support/services.ts";

// I6: one poisonous row never fails its batch.

let database: FreshDatabase;
let db: Db;
let receive: Receive;
const wakes: string[] = [];

beforeAll(async () => {
  database = await freshDatabase();
  db = openDb({ url: database.url, log: createLogger({ level: "silent" }) });
  const lanes = { wake: (lane: string, key: string) => void wakes.push(`${lane} ${key}`) } as unknown as Lanes;
  receive = createReceive({ membership: "everyone", db, lanes, meter: createMetrics().meter });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

/** Nested more deeply than PostgreSQL reads JSON. */
const REFUSED = [JSON.parse(`${"[".repeat(7_000)}1${"]".repeat(7_000)}`)] as unknown as readonly Attachment[];

let serial = 0;
function message(
  from: string,
  text: string,
  { thread = from, attachments = [] as readonly Attachment[] } = {},
): [string, { body: Uint8Array; contentType: string; receivedAt: Date }, Inbound[]] {
  const externalId = `m${++serial}`;
  const item: Inbound = {
    kind: "message",
    dedupeKeys: [externalId],
    externalId,
    thread: threadId(thread),
    from: address(from),
    trust: "asserted",
    text,
    attachments,
  };
  return ["chat", { body: Buffer.from([0, 255, 254]), contentType: "text/plain", receivedAt: new Date() }, [item]];
}

const storedTexts = async (from: string) =>
  (
    await db.pool.query<{ text: string }>(
      "select m.text from message m join conversation c on c.id = m.conversation where c.thread = $1 order by m.id",
      [from],
    )
  ).rows.map(({ text }) => text);

describe("256 messages at once", () => {
  it("with NUL, 100 kB and half surrogates among them are all stored, and only what can't be is changed", async () => {
    const odd = [
      "a\0b",
      "x".repeat(100_000),
      "half \ud83d of one",
      "\udc00",
      "fine 😀",
      "'; drop table message; --",
      "\\u0000",
    ];
    const batch = Array.from({ length: 256 }, (_, n) => receive(...message(`odd${n}`, odd[n] ?? `plain ${n}`)));
    const results = await Promise.all(batch);
    expect(results.every(([stored]) => stored?.outcome === "stored")).toBe(true);
    const kept = await Promise.all(odd.map((_, n) => storedTexts(`odd${n}`)));
    expect(kept.flat()).toEqual([
      "ab",
      "x".repeat(100_000),
      "half \ufffd of one",
      "\ufffd",
      "fine 😀",
      "'; drop table message; --",
      "\\u0000",
    ]);
    expect(await storedTexts("odd255")).toEqual(["plain 255"]);
    const { rows } = await db.pool.query<{ body: Buffer }>("select body from raw_inbound limit 1");
    expect([...(rows[0]?.body ?? [])]).toEqual([0, 255, 254]);
  });

  it("one of which Postgres refuses lose only that one", async () => {
    const batch = Array.from({ length: 256 }, (_, n) =>
      receive(...message(`b${n}`, `plain ${n}`, n === 100 ? { attachments: REFUSED } : {})),
    );
    const results = await Promise.all(batch);
    expect(results.flatMap(([stored], n) => (stored?.outcome === "ignored" ? [n] : []))).toEqual([100]);
    expect(await storedTexts("b99")).toEqual(["plain 99"]);
    expect(await storedTexts("b101")).toEqual(["plain 101"]);
  });

  it("of one thread keep their order, whatever stands between them", async () => {
    const batch = Array.from({ length: 60 }, (_, n) =>
      receive(...message("same", `${n}`, n % 20 === 7 ? { attachments: REFUSED } : {})),
    );
    await Promise.all(batch);
    const kept = Array.from({ length: 60 }, (_, n) => n).filter((n) => n % 20 !== 7);
    expect(await storedTexts("same")).toEqual(kept.map(String));
  });

  it("that repeat one another are stored once, and a repeat says which conversation it was", async () => {
    const once = message("twice", "hello");
    const results = (await Promise.all([receive(...once), receive(...once), receive(...once)])).flat();
    expect(results.map(({ outcome }) => outcome)).toEqual(["stored", "duplicate", "duplicate"]);
    expect(await storedTexts("twice")).toEqual(["hello"]);
  });
});

describe("after the commit", () => {
  it("the conversation is woken, and not before", async () => {
    wakes.length = 0;
    const pending = receive(...message("woken", "hello"));
    expect(wakes).toEqual([]);
    const [stored] = await pending;
    expect(wakes).toEqual([`turn ${stored?.conversation}`]);
  });
});
