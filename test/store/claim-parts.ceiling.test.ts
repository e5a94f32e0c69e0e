/** What counts against the number of messages that may leave on a channel in a day. */
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

/** Something that waits to leave on this channel, in a thread of its own name. */
async function waiting(
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
const claimed = async (channel: string, ceiling: number) => {
  const [part] = await claimParts(bench.db, [{ channel, thread: channel, ceiling }]);
  if (part == null) throw new Error("Nothing is due");
  return part;
};
const retried = (id: number, attempt: number) =>
  settleParts(bench.db, [{ id, attempt, outcome: "retry", dueAt: new Date(0), error: "busy" }]);
const counted = async (channel: string) =>
  (
    await query(
      "select coalesce(sum(sent), 0)::int as n from channel_day where channel = $1 and day = (now() at time zone 'utc')::date",
      [channel],
    )
  )[0].n;

it("a part that is tried again is counted once on a day, and again on the next, where the ceiling holds it back", async () => {
  await waiting("a");
  const first = await claimed("a", 1);
  await retried(first.id, first.attempts);
  expect(await claimed("a", 1)).toMatchObject({ attempts: 2, over: false });
  expect(await counted("a")).toBe(1);
  await retried(first.id, 2);
  await query("update outbox set counted_on = counted_on - 1 where id = $1", [first.id]);
  expect(await claimed("a", 1)).toMatchObject({ attempts: 3, over: true });
  expect(await counted("a")).toBe(1);
  await retried(first.id, 3);
  expect(await claimed("a", 2)).toMatchObject({ attempts: 4, over: false });
  expect(await counted("a")).toBe(2);
});

it("what may have left before is settled, beyond the ceiling too", async () => {
  await waiting("b");
  const { id } = await claimed("b", 1);
  await query("update outbox set lease_until = null, counted_on = counted_on - 1 where id = $1", [id]);
  expect(await claimed("b", 0)).toMatchObject({ attempts: 2, over: false });
});

it.each([
  ["a hint", "notice", { hint: "Only for you", to: "u1" }],
  ["a change of what was sent", "notice", { change: "answered", promptId: "p", chosen: "Yes" }],
])("%s is no message", async (what, kind, part) => {
  await waiting(what, { kind, message: null, part });
  await claimed(what, 10);
  expect(await counted(what)).toBe(0);
});

it("what the desk is shown of a message is none", async () => {
  await waiting("desk", { kind: "notice", part: { desk: "entry" } });
  await claimed("desk", 10);
  expect(await counted("desk")).toBe(0);
});
