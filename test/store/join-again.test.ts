import { afterAll, beforeAll, expect, it } from "vitest";
import { joinAgain } from "../../src/store/join-again.ts";
import { type Bench, openBench } from "../turn/store.ts";

// U5: a conversation that opens again is joinable again.

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

const query = async <Row = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await bench.db.pool.query(text, values)).rows as Row[];

const insert = async (thread: string, o: { joinable: boolean; closed?: boolean }): Promise<number> => {
  const [row] = await query<{ id: number }>(
    `insert into conversation (channel, thread, contact, joinable, closed_at)
     values ('chat', $1, 1, $2, case when $3 then now() end) returning id`,
    [thread, o.joinable, o.closed ?? false],
  );
  return row?.id ?? 0;
};

it("open conversations take messages again, each but where another one of the thread does", async () => {
  const lost = await insert("lost", { joinable: false });
  const closed = await insert("closed", { joinable: false, closed: true });
  const [before, latest] = [await insert("two", { joinable: false }), await insert("two", { joinable: false })];
  const replaced = await insert("replaced", { joinable: false });
  await insert("replaced", { joinable: true });
  const found = await joinAgain(bench.db, [lost, closed, before, latest, replaced]);
  expect(new Set(found)).toEqual(new Set([lost, latest]));
  expect(await bench.message("lost", "hello")).toBe(lost);
  expect(await bench.message("two", "hello")).toBe(latest);
});

it("a conversation that a new message opens at the same time keeps its thread, and the others join", async () => {
  const [raced, other] = [await insert("raced", { joinable: false }), await insert("other", { joinable: false })];
  const inbound = await bench.db.pool.connect();
  try {
    await inbound.query("begin");
    await inbound.query("insert into conversation (channel, thread, contact) values ('chat', 'raced', 1)");
    const joining = joinAgain(bench.db, [raced, other]);
    // It waits for the row that the other transaction has inserted.
    await expect
      .poll(() =>
        query("select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"),
      )
      .toHaveLength(1);
    await inbound.query("commit");
    expect(await joining).toEqual([other]);
  } finally {
    inbound.release();
  }
});
