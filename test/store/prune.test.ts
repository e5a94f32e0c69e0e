import { afterAll, beforeAll, expect, it } from "vitest";
import { pruneRows } from "../../src/store/prune.ts";
import { type Bench, openBench } from "../turn/store.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

const query = async (text: string, values: unknown[] = []) => (await bench.db.pool.query(text, values)).rows;

/** Inserts an opt-out that ended so many days ago; null: it still holds. */
const insertOptOut = (thread: string, endedDaysAgo: number | null) =>
  query(
    `insert into suppression (channel, thread, since, ended_at)
     values ('sms', $1, now() - interval '90 days', now() - $2::int * interval '1 day')`,
    [thread, endedDaysAgo],
  );

it("opt-outs that ended long ago are removed, unless a part from before still waits", async () => {
  await insertOptOut("old", 31);
  await insertOptOut("old but awaited", 31);
  await insertOptOut("young", 29);
  await insertOptOut("lasting", null);
  await query(
    `insert into outbox (conversation, event, n, channel, thread, kind, epoch, content, created_at)
     values (1, -1, 0, 'sms', 'old but awaited', 'notice', 0, '{}', now() - interval '40 days')`,
  );
  expect(await pruneRows(bench.db)).toEqual({ more: false });
  const left = await query("select thread from suppression order by thread");
  expect(left.map(({ thread }) => thread)).toEqual(["lasting", "old but awaited", "young"]);
});

it("channels' daily counts are removed after a week, a limited number at a time", async () => {
  await query(
    `insert into channel_day (channel, day, shard, sent)
     select 'sms', (now() at time zone 'utc')::date - n, 1, 5 from generate_series(0, 1100) as n`,
  );
  expect(await pruneRows(bench.db)).toEqual({ more: true });
  expect(await pruneRows(bench.db)).toEqual({ more: false });
  expect(await query("select count(*)::int as n from channel_day")).toEqual([{ n: 8 }]);
});

it("models' calls are kept for thirteen months, a day's budget for a week", async () => {
  await query(
    `insert into model_call (conversation, purpose, tier, model, at, reserved_usd, reserved_tokens, expires_at, outcome)
     select 1, 'turn', 'large', 'm', now() - n * interval '399 days', 0, 0, now(), 'answered' from generate_series(0, 2) n`,
  );
  await query(
    `insert into model_budget (scope, conversation, at) values ('day:old', null, now() - interval '8 days'),
       ('day:young', null, now() - interval '6 days'), ('conversation:1', 1, now() - interval '8 days')`,
  );
  await pruneRows(bench.db);
  expect(await query("select count(*)::int as n from model_call")).toEqual([{ n: 2 }]);
  expect(await query("select scope from model_budget order by scope")).toEqual([
    { scope: "conversation:1" },
    { scope: "day:young" },
  ]);
});

it("models' answers are kept for a week, and ten thousand at most", async () => {
  await query(
    `insert into model_cache (key, answer, at) select 'k' || n, '{}', now() - n * interval '1 second'
     from generate_series(1, 10500) n`,
  );
  await query("insert into model_cache (key, answer, at) values ('old', '{}', now() - interval '8 days')");
  await pruneRows(bench.db);
  expect(
    await query("select count(*)::int as n, max(now() - at) < interval '1 day' as young from model_cache"),
  ).toEqual([{ n: 10_000, young: true }]);
  await query("truncate model_cache");
  await query(
    "insert into model_cache (key, answer, at) values ('old', '{}', now() - interval '8 days'), ('new', '{}', now())",
  );
  await pruneRows(bench.db);
  expect(await query("select key from model_cache")).toEqual([{ key: "new" }]);
});
