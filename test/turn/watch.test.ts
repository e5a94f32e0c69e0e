import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { countWaiting, listWaiting } from "../../src/store/waiting.ts";
import { STATE_VERSION } from "../../src/turn/core/state.ts";
import { watchOpen } from "../../src/turn/watch.ts";
import { type Bench, log, openBench } from "./store.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());
beforeEach(async () => {
  await query(`truncate conversation, event, ask, alarm, outbox, run, "case"`);
  bench.wakes.length = 0;
});

const query = async <Row = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await bench.db.pool.query(text, values)).rows as Row[];

const DAY_MS = 86_400_000;
/** Looks at every open conversation once. */
async function watch(): Promise<void> {
  const chore = watchOpen({ db: bench.db, lanes: bench.lanes, log, closeAfterMs: () => 14 * DAY_MS });
  while ((await chore.run()).more) continue;
}

interface Open {
  state?: object | null;
  quietDays?: number;
  thread?: string;
  joinable?: boolean;
}
const QUIET_STATE = { v: STATE_VERSION, runs: [], waiting: [], prompt: null, case: null };
const RUN = { id: "e1.0", waiting: { kind: "answer", ask: "e1.a0" } };

async function insert({ state = QUIET_STATE, quietDays = 0, thread, joinable = true }: Open): Promise<number> {
  const [row] = await query<{ id: number }>(
    `insert into conversation (channel, thread, contact, state, last_inbound_at, joinable, version)
     values ('chat', coalesce($1, gen_random_uuid()::text), 1, $2, now() - $3::int * interval '1 day', $4, 7) returning id`,
    [thread ?? null, state === null ? null : JSON.stringify({ seq: 3, state }), quietDays, joinable],
  );
  return row?.id ?? 0;
}
const raised = async () =>
  (
    await query<{ conversation: number; alarm: string }>(
      "select conversation, payload->>'alarm' as alarm from event where kind = 'alarm' order by conversation",
    )
  ).map(({ conversation, alarm }) => `${alarm} ${conversation}`);

const insertPart = (conversation: number, o: { daysAgo: number; outcome: string | null }) =>
  query(
    `insert into outbox (conversation, event, n, channel, thread, kind, epoch, content, created_at, outcome)
     values ($1, -$1::bigint, 0, 'chat', 't', 'notice', 0, '{}', now() - $2::int * interval '1 day', $3)`,
    [conversation, o.daysAgo, o.outcome],
  );

describe("the watch over open conversations", () => {
  // U4
  it("gives one in which nothing would ever happen to people, once for each of its versions", async () => {
    const stranded = await insert({ state: { ...QUIET_STATE, runs: [RUN] } });
    const ofTable = await insert({});
    await query(`insert into run (conversation, id, format, release, body) values ($1, 'e1.0', 1, 1, '{}')`, [ofTable]);
    await watch();
    expect(await raised()).toEqual([`stranded ${stranded}`, `stranded ${ofTable}`]);
    expect(bench.wakes).toEqual([`turn ${stranded}`, `turn ${ofTable}`]);
    await query("update event set seq = 1");
    await watch();
    expect(await raised()).toHaveLength(2);
  });

  it("leaves every one alone in which something goes on", async () => {
    const state = { ...QUIET_STATE, runs: [RUN] };
    const [asking, alarmed, sending, pending, held, newer, unread] = [
      await insert({ state }),
      await insert({ state }),
      await insert({ state }),
      await insert({ state }),
      await insert({ state: { ...state, case: { held: true, queue: "billing" } } }),
      await insert({ state: { ...state, v: STATE_VERSION + 1 }, quietDays: 30 }),
      await insert({ state: null, quietDays: 30 }),
    ];
    await query("insert into ask (id, conversation, request, release) values ('e1.a0', $1, '{}', 1)", [asking]);
    await query("insert into alarm values ($1, 'e1.0.1', now() + interval '1 day')", [alarmed]);
    await insertPart(sending, { daysAgo: 0, outcome: null });
    await query("insert into event (conversation, kind, payload) values ($1, 'message', '{}')", [pending]);
    await watch();
    expect(await raised()).toEqual([]);
    expect([held, newer, unread].every((id) => id > 0)).toBe(true);
  });

  it("closes one in which nobody has written for long, and nothing was begun", async () => {
    const silent = await insert({ quietDays: 15 });
    const spoken = await insert({ quietDays: 15 });
    await insertPart(spoken, { daysAgo: 13, outcome: "sent" });
    const young = await insert({ quietDays: 13 });
    const idle = await insert({ quietDays: 15 });
    await query("insert into alarm values ($1, 'idle:remind', now() + interval '1 day')", [idle]);
    await watch();
    expect(await raised()).toEqual([`silence ${silent}`]);
    expect([spoken, young, idle]).toHaveLength(3);
  });

  // U5
  it("lets one that opened again take messages again, where no other of its thread does", async () => {
    const lost = await insert({ thread: "lost", joinable: false });
    const replaced = await insert({ thread: "replaced", joinable: false });
    const latest = await insert({ thread: "replaced" });
    await watch();
    const joinable = await query<{ id: number }>("select id from conversation where joinable order by id");
    expect(joinable.map(({ id }) => id)).toEqual([lost, latest]);
    expect(replaced).toBeGreaterThan(0);
  });

  // P4
  it("walks them in pages, however many there are", async () => {
    await query(
      `insert into conversation (channel, thread, contact, state, last_inbound_at)
       select 'chat' || n % 3, 't' || n, 1, $1, now() - interval '20 days' from generate_series(1, 500) n`,
      [JSON.stringify({ seq: 1, state: QUIET_STATE })],
    );
    await watch();
    expect(await raised()).toHaveLength(500);
  });
});

describe("the list of those that wait", () => {
  it("says who answers next and since when, the oldest first over all channels", async () => {
    const [people, customer, nobody] = [
      await insert({ state: { ...QUIET_STATE, case: { held: true, queue: "billing" } } }),
      await insert({}),
      await insert({ state: { ...QUIET_STATE, runs: [RUN] } }),
    ];
    await query("update conversation set channel = 'another' where id = $1", [customer]);
    await query(
      `insert into "case" (conversation, queue, status, holder, holder_name, card, opened_at, updated_at)
       values ($1, 'billing', 'with us', 'U1', 'Alex', '{}', now(), now())`,
      [people],
    );
    const listed = await listWaiting(bench.db, { limit: 10 });
    expect(listed.map(({ conversation, next }) => [conversation, next.kind])).toEqual([
      [people, "people"],
      [customer, "customer"],
      [nobody, "nobody"],
    ]);
    expect(listed[0]?.next).toMatchObject({ queue: "billing", holder: "Alex" });
    expect(await listWaiting(bench.db, { limit: 1 })).toHaveLength(1);
    expect(await countWaiting(bench.db)).toEqual({ people: 1, customer: 1, nobody: 1, bot: 0, platform: 0 });
  });
});
