/** Counts of a sender's messages, and the message of which people are told. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { InboundItem } from "../../../src/store/inbound/item.ts";
import { storeInbound } from "../../../src/store/store-inbound.ts";
import { type Bench, openBench } from "../../turn/store.ts";
import { rowOf, written } from "./rows.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

let serial = 0;
const item = (from: string, kind: "message" | "opt_out") => written(`${from} ${++serial}`, { from, kind });

/** Stores them in one statement, each in a thread of its own. */
async function stores(...items: InboundItem[]): Promise<string[]> {
  await storeInbound(bench.db, [rowOf(...items)], { senderLimit: { minute: 3, hour: 6, day: 100 } });
  const { rows } = await bench.db.pool.query<{ n: number; first: boolean | null }>(
    `select (payload->'pace'->>'minute')::int as n, (payload->'pace'->>'first')::boolean as first
     from event order by id desc limit $1`,
    [items.length],
  );
  return rows.reverse().map(({ n, first }) => `${n}${first === true ? " first" : ""}`);
}
const aMinuteLater = () =>
  bench.db.pool.query(
    "update address set minute_at = minute_at - interval '1 minute', hour_at = hour_at - interval '1 minute'",
  );
const messages = (sender: string, n: number) => Array.from({ length: n }, () => item(sender, "message"));

it("people are told of the first message too many, once in each window", async () => {
  expect(await stores(...messages("a", 2))).toEqual(["1", "2"]);
  expect(await stores(...messages("a", 3))).toEqual(["3", "4 first", "5"]);
  expect(await stores(...messages("a", 1))).toEqual(["6"]);
  await aMinuteLater();
  // The hour's limit.
  expect(await stores(...messages("a", 2))).toEqual(["1 first", "2"]);
  await aMinuteLater();
  expect(await stores(...messages("a", 5))).toEqual(["1", "2", "3", "4", "5"]);
});

it("of a sender who is new with too many, too", async () => {
  expect(await stores(...messages("b", 5))).toEqual(["1", "2", "3", "4 first", "5"]);
  expect(await stores(...messages("b", 1))).toEqual(["6"]);
});

it("of the next message, where the first too many is a word that is no message", async () => {
  await stores(...messages("c", 3));
  expect(await stores(item("c", "opt_out"))).toEqual(["4"]);
  expect(await stores(...messages("c", 2))).toEqual(["5 first", "6"]);
});

it("of the next message, where the sender's count could not be raised", async () => {
  await stores(...messages("d", 3));
  const holder = await bench.db.pool.connect();
  await holder.query("begin");
  await holder.query("select 1 from address where value = 'd' for no key update");
  expect(await stores(...messages("d", 1))).toEqual(["4"]);
  await holder.query("commit");
  holder.release();
  expect(await stores(...messages("d", 1))).toEqual(["4 first"]);
});
