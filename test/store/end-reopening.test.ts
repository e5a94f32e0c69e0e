import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ClosedPlace, endReopening } from "../../src/store/end-reopening.ts";
import { type Bench, openBench } from "../turn/store.ts";

// I7: 72 hours after it closed, or was last written to, a conversation takes no more messages.

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());
beforeEach(() => query("truncate conversation"));

const query = async <Row = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await bench.db.pool.query(text, values)).rows as Row[];

const HOURS_72 = 72 * 3_600;
interface Past {
  closed: number | null;
  written?: number;
  mergedInto?: number;
}
/** Inserts a conversation that closed, and was last written to, so many hours ago. */
const insert = async ({ closed, written = closed ?? 0, mergedInto }: Past): Promise<number> => {
  const [row] = await query<{ id: number }>(
    `insert into conversation (channel, thread, contact, closed_at, last_inbound_at, merged_into)
     values ('chat', gen_random_uuid(), 1, now() - $1::int * interval '1 hour', now() - $2::int * interval '1 hour', $3)
     returning id`,
    [closed, written, mergedInto ?? null],
  );
  return row?.id ?? 0;
};

/** Ends page after page, as the sweeping process does; returns the number of pages. */
async function endAll(): Promise<number> {
  let pages = 0;
  for (let from: ClosedPlace | null | undefined; from !== null; pages++)
    from = await endReopening(bench.db, { reopenWithinSeconds: HOURS_72, ...(from === undefined ? {} : { from }) });
  return pages;
}
const joinable = async (): Promise<number[]> =>
  (await query<{ id: number }>("select id from conversation where joinable order by id")).map(({ id }) => id);

describe("the time in which a conversation reopens ends", () => {
  it("72 hours after its close and its latest message", async () => {
    await insert({ closed: 73 });
    const kept = [
      await insert({ closed: 71 }),
      await insert({ closed: 73, written: 71 }),
      await insert({ closed: null }),
    ];
    await endAll();
    expect(await joinable()).toEqual(kept);
  });

  // U5
  it("for a merged one when that is over for the last one that it was merged into", async () => {
    const open = await insert({ closed: null, written: 200 });
    const between = await insert({ closed: 150, mergedInto: open });
    const merged = await insert({ closed: 160, mergedInto: between });
    const ownPast = await insert({ closed: 170, mergedInto: 999_999 });
    await endAll();
    expect(await joinable()).toEqual([open, between, merged]);
    await query("update conversation set closed_at = now() - interval '71 hours' where id = $1", [open]);
    await endAll();
    expect(await joinable()).toEqual([open, between, merged]);
    await query("update conversation set closed_at = now() - interval '73 hours' where id = $1", [open]);
    await endAll();
    expect(await joinable()).toEqual([]);
    expect(ownPast).toBeGreaterThan(0);
  });

  // P4
  it("in pages, and none is read twice in a round, not even one that goes on", async () => {
    await query(
      `insert into conversation (channel, thread, contact, closed_at, last_inbound_at)
       select 'chat', 't' || n, 1, now() - interval '80 hours', now() - (70 + n % 4) * interval '1 hour'
       from generate_series(1, 1200) n`,
    );
    expect(await endAll()).toBe(4);
    expect(await joinable()).toHaveLength(600);
  });

  it("without waiting for one that inbound holds, which stays until the next round", async () => {
    const [held] = [await insert({ closed: 80 }), await insert({ closed: 81 })];
    const client = await bench.db.pool.connect();
    try {
      await client.query("begin");
      await client.query("update conversation set last_inbound_at = now() where id = $1", [held]);
      await endAll();
      expect(await joinable()).toEqual([held]);
      await client.query("commit");
    } finally {
      client.release();
    }
    await endAll();
    expect(await joinable()).toEqual([held]);
  });
});
