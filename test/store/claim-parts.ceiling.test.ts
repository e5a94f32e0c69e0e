/** The parts that count against a channel's daily ceiling. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { claimParts } from "../../src/store/claim-parts.ts";
import { settleParts } from "../../src/store/settle-parts.ts";
import { type Bench, openBench } from "../turn/store.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

let serial = 0;
const query = async (text: string, values: unknown[] = []) => (await bench.db.pool.query(text, values)).rows;

/** Inserts a part that waits on this channel, in a thread of the same name. */
async function insertPart(
  channel: string,
  { kind = "reply", message = 1, part = { text: "x" } }: { kind?: string; message?: number | null; part?: object } = {},
) {
  const [conversation] = await query(
    "insert into conversation (channel, thread, contact, joinable) values ($1, $1, 1, false) returning id",
    [channel],
  );
  await query(
    `insert into outbox (conversation, event, n, channel, thread, kind, epoch, message, content)
     values ($1, $2, 0, $3, $3, $4, 0, $5, $6)`,
    [conversation.id, -++serial, channel, kind, message, JSON.stringify(part)],
  );
}
const claim = async (channel: string, ceiling: number) => {
  const [part] = await claimParts(bench.db, [{ channel, thread: channel, ceiling }]);
  if (part == null) throw new Error("Nothing is due");
  return part;
};
const retry = (id: number, attempt: number) =>
  settleParts(bench.db, [{ id, attempt, outcome: "retry", afterMs: 0, error: "busy" }]);
const dailyCount = async (channel: string) =>
  (
    await query(
      "select coalesce(sum(sent), 0)::int as n from channel_day where channel = $1 and day = (now() at time zone 'utc')::date",
      [channel],
    )
  )[0].n;

it("a retried part is counted once a day, and again on the next, where the ceiling applies", async () => {
  await insertPart("a");
  const first = await claim("a", 1);
  await retry(first.id, first.attempts);
  expect(await claim("a", 1)).toMatchObject({ attempts: 2, over: false });
  expect(await dailyCount("a")).toBe(1);
  await retry(first.id, 2);
  await query("update outbox set counted_on = counted_on - 1 where id = $1", [first.id]);
  expect(await claim("a", 1)).toMatchObject({ attempts: 3, over: true });
  expect(await dailyCount("a")).toBe(1);
  await retry(first.id, 3);
  expect(await claim("a", 2)).toMatchObject({ attempts: 4, over: false });
  expect(await dailyCount("a")).toBe(2);
});

it("a part that may have left before is settled, also beyond the ceiling", async () => {
  await insertPart("b");
  const { id } = await claim("b", 1);
  await query(
    "update outbox set lease_until = null, in_flight_until = null, counted_on = counted_on - 1 where id = $1",
    [id],
  );
  expect(await claim("b", 0)).toMatchObject({ attempts: 2, over: false });
});

it.each([
  ["a hint", "notice", { hint: "Only for you", to: "u1" }],
  ["a change of a sent message", "notice", { change: "answered", promptId: "p", chosen: "Yes" }],
])("%s is not counted", async (what, kind, part) => {
  await insertPart(what, { kind, message: null, part });
  await claim(what, 10);
  expect(await dailyCount(what)).toBe(0);
});

it("a part for the desk is not counted", async () => {
  await insertPart("desk", { kind: "notice", part: { desk: "entry" } });
  await claim("desk", 10);
  expect(await dailyCount("desk")).toBe(0);
});
