import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findWaiting, fireAlarms, SWEEP_START, type WaitingWork } from "../../src/store/sweep.ts";
import { type Bench, openBench } from "../turn/store.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());
beforeEach(() => query("truncate outbox, ask, event, alarm"));

const query = async <Row = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await bench.db.pool.query(text, values)).rows as Row[];

let serial = 0;
interface Parts {
  channel: string;
  threads: number;
  dueIn?: string;
  prefix?: string;
}
/** Inserts one waiting part into each of so many threads. */
const insertParts = ({ channel, threads, dueIn = "-1 minute", prefix = "t" }: Parts) =>
  query(
    `insert into outbox (conversation, event, n, channel, thread, kind, epoch, content, due_at)
     select 1, -n, $5, $1, $4 || n, 'notice', 0, '{}', now() + $3::interval from generate_series(1, $2::int) n`,
    [channel, threads, dueIn, prefix, ++serial],
  );

const head = async () => (await findWaiting(bench.db, { idleMs: 0 })).streams[0]?.head;

const insertAsk = (bulkhead: string, id: string, set = "{}") =>
  query(`insert into ask select r.* from json_populate_record(null::ask, $1::json) r`, [
    JSON.stringify({
      id,
      conversation: 1,
      request: {},
      release: 1,
      due_at: "2020-01-01T00:00:00Z",
      attempts: 0,
      bulkhead,
      ...JSON.parse(set),
    }),
  ]);

/** Sweeps until every place was looked at; returns what was found, sweep by sweep. */
async function sweeps(perGroup: number): Promise<WaitingWork[]> {
  const found = [await findWaiting(bench.db, { idleMs: 0, perGroup })];
  for (let next = found[0]?.next; !isStart(next); next = found.at(-1)?.next)
    found.push(await findWaiting(bench.db, { idleMs: 0, perGroup, from: next ?? SWEEP_START }));
  return found;
}
const isStart = (place = SWEEP_START) => JSON.stringify(place) === JSON.stringify(SWEEP_START);

describe("the sweep", () => {
  // O4
  it("finds the streams that can go on, each once in a round, however many wait for their first part", async () => {
    await insertParts({ channel: "chat", threads: 30, dueIn: "1 hour", prefix: "held" });
    await insertParts({ channel: "chat", threads: 30, dueIn: "-1 hour", prefix: "held" });
    await insertParts({ channel: "chat", threads: 25, prefix: "free" });
    const found = await sweeps(10);
    const threads = found.flatMap(({ streams }) => streams.map(({ thread }) => thread));
    expect(threads).toHaveLength(25);
    expect(new Set(threads).size).toBe(25);
    expect(threads.every((thread) => thread.startsWith("free"))).toBe(true);
  });

  // P2
  it("looks at every channel each time, so that one that hangs hides no other's retry", async () => {
    await insertParts({ channel: "hangs", threads: 45, dueIn: "-1 hour" });
    await insertParts({ channel: "fine", threads: 1 });
    await insertParts({ channel: "zulu", threads: 1 });
    for (const { streams } of await sweeps(10)) {
      const channels = new Set(streams.map(({ channel }) => channel));
      expect(channels).toEqual(new Set(["hangs", "fine", "zulu"]));
    }
  });

  it("leaves parts alone that a sender holds, or whose request may still be in flight (E2)", async () => {
    await insertParts({ channel: "chat", threads: 3 });
    await query("update outbox set lease_until = now() + interval '2 seconds' where thread = 't1'");
    await query(
      `update outbox set attempted_at = now(), lease_until = now() - interval '1 second',
       in_flight_until = now() + interval '40 seconds' where thread = 't2'`,
    );
    const { streams } = await findWaiting(bench.db, { idleMs: 0 });
    expect(streams.map(({ thread }) => thread)).toEqual(["t3"]);
  });

  it("tells work that was woken in vain from work that goes on", async () => {
    await insertParts({ channel: "chat", threads: 1 });
    const before = await head();
    expect(await head()).toBe(before);
    await query("update outbox set attempts = attempts + 1");
    expect(await head()).not.toBe(before);
  });

  // E5
  it("looks at the asks of every bulkhead, and at none that is held or in flight", async () => {
    const [later, before] = ["2999-01-01T00:00:00Z", "2020-01-01T00:00:00Z"];
    for (let n = 0; n < 12; n++) await insertAsk("call:slow", `slow ${n}`);
    await insertAsk("call:crm", "crm");
    await insertAsk("", "of an earlier build");
    await insertAsk("call:crm", "held", `{"lease_until":"${later}"}`);
    await insertAsk("call:crm", "in flight", `{"attempted_at":"${before}","in_flight_until":"${later}"}`);
    await insertAsk("call:crm", "cancelled, then handed back", `{"cancelled_at":"${before}"}`);
    await insertAsk("call:crm", "cancelled midway", `{"cancelled_at":"${before}","attempted_at":"${before}"}`);
    const [first, ...rest] = await sweeps(10);
    const ids = first?.asks.map(({ id }) => id) ?? [];
    expect(ids.filter((id) => !id.startsWith("slow")).toSorted()).toEqual([
      "cancelled midway",
      "cancelled, then handed back",
      "crm",
      "of an earlier build",
    ]);
    expect(
      [...ids, ...rest.flatMap(({ asks }) => asks.map(({ id }) => id))].filter((id) => id.startsWith("slow")),
    ).toHaveLength(12);
  });

  it("finds each conversation with pending events once in a round, by its first event", async () => {
    await query(
      `insert into event (conversation, kind, payload, at)
       select c, 'message', '{}', now() - interval '1 minute' from generate_series(1, 1500) c, generate_series(1, 3)`,
    );
    const found = (await sweeps(10)).flatMap(({ conversations }) => conversations);
    expect(found.map(({ conversation }) => conversation)).toEqual(Array.from({ length: 1500 }, (_, n) => n + 1));
  });
});

/** Far above the few hundredths of a second that it takes, far below the minutes of a plan that compares all with all. */
const SOON_MS = 2_000;
const BACKLOG = 100_000;

const timed = async <Value>(work: () => Promise<Value>) => {
  const began = performance.now();
  const value = await work();
  return { value, ms: performance.now() - began };
};
const empty = async (...tables: string[]) => {
  for (const table of tables) {
    await query(`alter table ${table} set (autovacuum_enabled = off)`);
    await query(`vacuum analyze ${table}`);
  }
};

// P3
describe("with a backlog of 100,000 and the statistics of empty tables", () => {
  it("a sweep looks at a page of it, and due alarms fire", { timeout: 60_000 }, async () => {
    await empty("outbox", "ask", "event", "alarm");
    await insertParts({ channel: "sms", threads: BACKLOG });
    await query(
      `insert into event (conversation, kind, payload, at)
       select n, 'message', '{}', now() - interval '1 minute' from generate_series(1, $1::int) n`,
      [BACKLOG],
    );
    await query(
      `insert into ask (id, conversation, request, release, bulkhead, due_at)
       select 'a' || n, n, '{}', 1, 'call:crm', now() - n * interval '1 second' from generate_series(1, $1::int) n`,
      [BACKLOG],
    );
    await query("insert into alarm select n, 'x', now() - interval '1 second' from generate_series(1, $1::int) n", [
      BACKLOG,
    ]);
    const first = await timed(() => findWaiting(bench.db, { idleMs: 0 }));
    expect(first.value).toMatchObject({
      streams: { length: 1_000 },
      conversations: { length: 1_000 },
      asks: { length: 1_000 },
    });
    const second = await timed(() => findWaiting(bench.db, { idleMs: 0, from: first.value.next }));
    expect(second.value.streams).toHaveLength(1_000);
    const alarms = await timed(() => fireAlarms(bench.db));
    expect(alarms.value.fired).toHaveLength(1_000);
    if (process.env["SWEEP_TIMES"]) console.log(first.ms, second.ms, alarms.ms);
    for (const { ms } of [first, second, alarms]) expect(ms).toBeLessThan(SOON_MS);
  });
});
