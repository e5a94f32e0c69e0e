import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Db } from "../../src/store/db.ts";
import { holdSweep } from "../../src/store/sweeper.ts";
import { goneStream, ROW_FORMAT, startSweep } from "../../src/turn/sweep.ts";
import { type Bench, log, meter, openBench } from "./store.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());
beforeEach(async () => {
  await query("truncate outbox, ask, event, alarm, sweeper");
  bench.wakes.length = 0;
});

const query = async <Row = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await bench.db.pool.query(text, values)).rows as Row[];

/** Sweeps in a process of that number. */
const sweepAs = (process: number, { db = bench.open() }: { db?: Db } = {}) =>
  startSweep({ db, lanes: bench.lanes, log, meter, hasChannel: (name) => name !== "gone", process });

const insertAlarm = (id: string) => query("insert into alarm values (1, $1, now())", [id]);
const fired = async (id: string) =>
  (await query("select 1 from event where kind = 'alarm' and payload->>'alarm' = $1", [id])).length === 1;
const holder = async () => (await query("select process from sweeper"))[0]?.["process"];
const soon = { timeout: 10_000, interval: 20 };

/** A database connection of a process that can be made to stand still. */
function stoppable(db: Db): { db: Db; stop(): void } {
  let stopped = false;
  const run: Db["run"] = (statement, values) => (stopped ? new Promise(() => {}) : db.run(statement, values));
  return { db: { ...db, run }, stop: () => void (stopped = true) };
}

describe("the sweeper", () => {
  // P2
  it("that stands still is replaced, and alarms go on", async () => {
    const frozen = stoppable(bench.open());
    const first = sweepAs(1, frozen);
    await insertAlarm("before");
    await expect.poll(() => fired("before"), soon).toBe(true);
    frozen.stop();
    const second = sweepAs(2);
    await insertAlarm("after");
    await expect.poll(() => fired("after"), soon).toBe(true);
    expect(await query("select format, process from sweeper")).toEqual([{ format: ROW_FORMAT, process: 2 }]);
    await second.stop();
    void first;
  });

  it("is one of several, and the next one when it stops", async () => {
    const first = sweepAs(1);
    await expect.poll(holder, soon).toBe(1);
    const second = sweepAs(2);
    expect(await holdSweep(bench.db, { format: ROW_FORMAT, process: 3 })).toBe(false);
    await first.stop();
    await expect.poll(holder, soon).toBe(2);
    await second.stop();
  });

  it("of an older program does not keep this one from sweeping its own rows", async () => {
    await query("insert into sweeper values ($1, 77, now() + interval '1 hour')", [ROW_FORMAT - 1]);
    const own = sweepAs(1);
    await insertAlarm("ours");
    await expect.poll(() => fired("ours"), soon).toBe(true);
    await own.stop();
  });

  it("fires more alarms than one statement takes, and wakes their conversations", async () => {
    await query("insert into alarm select n, 'x', now() from generate_series(1, 2500) n");
    const own = sweepAs(1);
    await expect.poll(() => query("select count(*)::int as n from alarm"), soon).toEqual([{ n: 0 }]);
    await expect.poll(() => new Set(bench.wakes).size, soon).toBe(2500);
    await own.stop();
  });

  // P3
  it("goes on behind what it looked at, so that every thread has its turn", async () => {
    await query(
      `insert into outbox (conversation, event, n, channel, thread, kind, epoch, content, due_at)
       select 1, -n, 0, 'chat', 't' || n, 'notice', 0, '{}', now() - interval '1 minute' from generate_series(1, 1200) n`,
    );
    const own = sweepAs(1);
    await expect.poll(() => new Set(bench.wakes).size, { timeout: 15_000, interval: 50 }).toBe(1200);
    await own.stop();
  });

  it("hands the parts of a channel that is gone to the lane where they fail", async () => {
    await query(
      `insert into outbox (conversation, event, n, channel, thread, kind, epoch, content, due_at)
       values (1, -1, 0, 'gone', 't', 'notice', 0, '{}', now() - interval '1 minute')`,
    );
    const own = sweepAs(1);
    await expect.poll(() => bench.wakes, soon).toContain("deliver-.gone gone\nt");
    expect(goneStream("gone\nt")).toEqual({ channel: "gone", thread: "t" });
    await own.stop();
  });
});
