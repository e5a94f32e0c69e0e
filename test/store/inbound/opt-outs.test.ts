import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { claimParts } from "../../../src/store/claim-parts.ts";
import type { InboundItem } from "../../../src/store/inbound/item.ts";
import { storeReceipt } from "../../../src/store/receipts.ts";
import { settleParts } from "../../../src/store/settle-parts.ts";
import { storeInbound } from "../../../src/store/store-inbound.ts";
import { type Bench, openBench } from "../../turn/store.ts";
import { rowOf, written } from "./rows.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

let serial = 0;
const item = (thread: string, kind: "message" | "opt_out" | "opt_in") => written(thread, { kind });

/** Stores them in one statement. */
const stored = (...items: InboundItem[]) =>
  storeInbound(
    bench.db,
    items.map((one) => rowOf(one)),
  );

/** Something that waits to leave. */
async function queued(thread: string): Promise<void> {
  await bench.db.pool.query(
    `insert into outbox (conversation, event, n, channel, thread, kind, epoch, content)
     select id, -$2::int, 0, 'chat', $1, 'notice', 0, '{"text":"x"}' from conversation where thread = $1 limit 1`,
    [thread, ++serial],
  );
}

const claimed = async (thread: string) => (await claimParts(bench.db, [{ channel: "chat", thread }]))[0] ?? null;
const settledAs = (id: number, attempt: number, optedOut = false) =>
  settleParts(bench.db, [
    optedOut
      ? { id, attempt, outcome: "failed", error: "opted out", optedOut }
      : { id, attempt, outcome: "dropped", error: "x" },
  ]);

/** Claims the next part of a thread and lets it go; says whether it was suppressed. */
async function next(thread: string): Promise<boolean | null> {
  const part = await claimed(thread);
  if (part === null) return null;
  await settledAs(part.id, part.attempts);
  return part.suppressed;
}

const optOutOf = async (thread: string) =>
  (
    await bench.db.pool.query("select word, ours, ended_at is not null as ended from suppression where thread = $1", [
      thread,
    ])
  ).rows;

/** The opt-outs that the events of a thread carry, oldest first. */
const carried = async (thread: string) =>
  (
    await bench.db.pool.query(
      `select payload->'optOut'->>'word' as word, payload->'optOut'->>'endedAt' is not null as ended
       from event e join conversation c on c.id = e.conversation where c.thread = $1 order by e.id`,
      [thread],
    )
  ).rows;

it("an event carries what was known of an opt-out when it came, and keeps it when that has changed", async () => {
  await stored(item("t10", "message"));
  await stored(item("t10", "opt_out"));
  await stored(item("t10", "message"));
  await stored(item("t10", "opt_in"));
  await stored(item("t10", "message"));
  expect(await carried("t10")).toEqual([
    { word: null, ended: false },
    { word: null, ended: false },
    { word: "opt_out", ended: false },
    { word: "opt_out", ended: false },
    { word: "opt_out", ended: true },
  ]);
});

describe("a refusal that comes late", () => {
  it("of what left before an opt-in suppresses nothing, though we had not heard of the opt-out", async () => {
    await stored(item("t11", "message"));
    await queued("t11");
    const part = await claimed("t11");
    await stored(item("t11", "opt_in"));
    await settledAs(part?.id ?? 0, 1, true);
    expect(await optOutOf("t11")).toEqual([]);
    const { rows } = await bench.db.pool.query(
      "select payload->'optedOut' as message from event where kind = 'undelivered'",
    );
    expect(rows).toContainEqual({ message: null });
  });

  it("by a receipt, too", async () => {
    await stored(item("t12", "message"));
    await queued("t12");
    const part = await claimed("t12");
    await bench.db.pool.query("update outbox set message = 1 where id = $1", [part?.id]);
    await settleParts(bench.db, [{ id: part?.id ?? 0, attempt: 1, outcome: "sent", remoteId: "SM12" }]);
    await stored(item("t12", "opt_in"));
    const refused = { channel: "chat", remoteId: "SM12", status: "failed", code: "21610", optedOut: true } as const;
    await storeReceipt(bench.db, refused);
    expect(await optOutOf("t12")).toEqual([]);
  });

  it("of what left after the opt-in suppresses", async () => {
    await stored(item("t13", "message"));
    await queued("t13");
    await stored(item("t13", "opt_in"));
    const part = await claimed("t13");
    await settledAs(part?.id ?? 0, 1, true);
    expect(await optOutOf("t13")).toMatchObject([{ ended: false }]);
  });
});

describe("a part is suppressed", () => {
  it("from the moment in which the opt-out is stored, before any turn", async () => {
    await stored(item("t1", "message"));
    await queued("t1");
    await queued("t1");
    expect(await next("t1")).toBe(false);
    await stored(item("t1", "opt_out"));
    expect(await next("t1")).toBe(true);
    expect(await optOutOf("t1")).toEqual([{ word: "opt_out", ours: "+15550100", ended: false }]);
  });

  it("where it was made before they opted in again, and not where it was made after", async () => {
    await stored(item("t2", "message"));
    await queued("t2");
    await stored(item("t2", "opt_out"));
    await queued("t2");
    await stored(item("t2", "opt_in"));
    await queued("t2");
    expect([await next("t2"), await next("t2"), await next("t2")]).toEqual([true, true, false]);
  });

  it("where an opt-out and an opt-in come in one batch, and never by an opt-in alone", async () => {
    await stored(item("t3", "message"), item("t4", "message"));
    await queued("t3");
    await queued("t4");
    await stored(item("t3", "opt_out"), item("t4", "opt_in"), item("t3", "opt_in"));
    expect([await next("t3"), await next("t4")]).toEqual([true, false]);
    expect(await optOutOf("t3")).toMatchObject([{ ended: true }]);
    expect(await optOutOf("t4")).toEqual([]);
  });

  it("in that thread only", async () => {
    await stored(item("t5", "opt_out"), item("t6", "message"));
    await queued("t6");
    expect(await next("t6")).toBe(false);
  });

  it("where the platform refused one before it, unless they had opted in since that one was made", async () => {
    await stored(item("t7", "message"));
    for (let n = 0; n < 2; n++) await queued("t7");
    const refused = await claimed("t7");
    await settledAs(refused?.id ?? 0, 1, true);
    expect(await next("t7")).toBe(true);
    await queued("t7");
    const late = await claimed("t7");
    await stored(item("t7", "opt_in"));
    await settledAs(late?.id ?? 0, 1, true);
    expect(await optOutOf("t7")).toMatchObject([{ ended: true }]);
    await queued("t7");
    expect(await next("t7")).toBe(false);
    await queued("t7");
    const again = await claimed("t7");
    await settledAs(again?.id ?? 0, 1, true);
    expect(await optOutOf("t7")).toEqual([{ word: null, ours: null, ended: false }]);
  });

  it("once: the same word delivered twice opts out once, and an opt-in between stays", async () => {
    const word = item("t8", "opt_out");
    await stored(word);
    await stored(item("t8", "opt_in"));
    await stored(word);
    expect(await optOutOf("t8")).toMatchObject([{ ended: true }]);
  });
});
