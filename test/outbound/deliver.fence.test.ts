/** Sending behind a fence (E1), asking before anything is given up (E2), and one clock for all times (E6). */
import { setMaxListeners } from "node:events";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { SendError } from "../../src/adapter/send-error.ts";
import { type RemoteId, remoteId } from "../../src/domain/ids.ts";
import { createDeliver } from "../../src/outbound/deliver.ts";
import type { Sender } from "../../src/outbound/sender.ts";
import { claimParts } from "../../src/store/claim-parts.ts";
import type { Db } from "../../src/store/db.ts";
import { type Bench, log, meter, openBench } from "../turn/store.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());
afterEach(() => void vi.useRealTimers());

const rows = async <Row = Record<string, unknown>>(text: string, ...values: unknown[]): Promise<Row[]> =>
  (await bench.db.pool.query(text, values)).rows as Row[];

let serial = 0;

/** Queues one part; returns its thread. */
async function queued({ channel = "pager", kind = "notice" } = {}): Promise<string> {
  const thread = `t${++serial}`;
  await rows(
    `with c as (insert into conversation (channel, thread, contact, state)
                values ($1, $2, 1, '{"state":{"v":3}}') returning id)
     insert into outbox (conversation, event, n, channel, thread, kind, epoch, content)
     select id, -$3::int, 0, $1, $2, $4, 0, '{"text":"x"}' from c`,
    channel,
    thread,
    serial,
    kind,
  );
  return thread;
}

interface Part {
  outcome: string | null;
  remote_id: string | null;
  error: string | null;
  attempted: boolean;
  due_in_s: number;
}

async function partOf(thread: string): Promise<Part> {
  const [part] = await rows<Part>(
    `select outcome, remote_id, error, attempted_at is not null as attempted,
       extract(epoch from due_at - now())::float8 as due_in_s from outbox where thread = $1`,
    thread,
  );
  return part ?? expect.unreachable();
}

const mute: Pick<Sender, "canReconcile" | "reconcile"> = { canReconcile: false, reconcile: async () => "unknown" };
const asked = (answer: RemoteId | "not-sent" | "unknown", calls: string[] = []): typeof mute => ({
  canReconcile: true,
  reconcile: async (part) => (calls.push(part.thread), answer),
});
const deliverer = (sender: Sender | null, db: Db = bench.db) =>
  createDeliver({ db, lanes: bench.lanes, log, meter, sender: () => sender, ceiling: () => 1_000 });
const { signal } = new AbortController();
setMaxListeners(0, signal);
const deliver = (thread: string, sender: Sender | null, db?: Db) => deliverer(sender, db)("pager", thread, signal);

/** Its sender was killed after the part may have left, this long ago. */
const interrupted = (thread: string, seconds = 20) =>
  rows(
    "update outbox set attempts = 1, attempted_at = now() - $2::int * interval '1 second' where thread = $1",
    thread,
    seconds,
  );

/** Makes a part due, and its claim over. */
const again = (thread: string) =>
  rows("update outbox set due_at = now(), lease_until = null, in_flight_until = null where thread = $1", thread);

const busy = new SendError("The pager is busy", { outcome: "not-sent", retry: { afterMs: 0 } });
const cut = new SendError("The connection was cut", { outcome: "unknown", retry: "never" });

/** Sets this process's wall clock, against the database's. */
const setClock = (aheadMs: number): void => void vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + aheadMs });

let stoodStillMs = 0;

/** The process stands still for three seconds, longer than a lease: the wall clock goes on without it. */
function standStill(): void {
  stoodStillMs += 3_000;
  setClock(stoodStillMs);
}

describe("a process that stood still", () => {
  it("before it learned of its claim sends nothing (E1)", async () => {
    const thread = await queued();
    const { db } = bench;
    const late: Db = {
      ...db,
      async run<Row>(...[statement, values]: Parameters<Db["run"]>) {
        const answer = await db.run<Row>(statement, values);
        if (statement.name === "claim_parts") standStill();
        return answer;
      },
    };
    let sends = 0;
    await deliver(thread, { ...mute, send: async () => remoteId(`${++sends}`) }, late);
    expect(sends).toBe(0);
    expect(await partOf(thread)).toMatchObject({ outcome: null, attempted: false });
  });

  it("while the part was prepared sends nothing, and the part is tried again", async () => {
    const thread = await queued();
    const left: string[] = [];
    const sender: Sender = {
      ...mute,
      async send(_part, { leaving }) {
        standStill();
        leaving();
        left.push(thread);
        return remoteId("r");
      },
    };
    await deliver(thread, sender);
    expect(left).toEqual([]);
    expect(await partOf(thread)).toMatchObject({ outcome: null, attempted: false });
  });

  it("after the part left takes the answer that came meanwhile", async () => {
    const thread = await queued();
    const sender: Sender = {
      ...mute,
      async send(_part, o) {
        o.leaving();
        standStill();
        // The heartbeat finds that the claim has lapsed.
        await new Promise((resolve) => setTimeout(resolve, 800));
        expect(o.signal.aborted).toBe(false);
        return remoteId("r");
      },
    };
    await deliver(thread, sender);
    expect(await partOf(thread)).toMatchObject({ outcome: "sent", remote_id: "r" });
  });
});

describe("a sender that ignores its signal", () => {
  it("is given up after the time-out, and its answer still counts when it comes (E2)", async () => {
    const thread = await queued();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const answers: ((id: RemoteId) => void)[] = [];
    const sender: Sender = {
      ...mute,
      send: (_part, { leaving }) => {
        leaving();
        return new Promise((resolve) => answers.push(resolve));
      },
    };
    const done = deliver(thread, sender);
    await vi.waitUntil(() => answers.length === 1);
    await vi.advanceTimersByTimeAsync(11_500);
    await done;
    vi.useRealTimers();
    expect(await partOf(thread)).toMatchObject({ outcome: "parked", error: "No answer within 10 s" });
    answers[0]?.(remoteId("late"));
    await vi.waitUntil(async () => (await partOf(thread)).outcome === "sent");
    const told = await rows<{ kind: string }>(
      "select kind from event where conversation = (select conversation from outbox where thread = $1) order by id",
      thread,
    );
    expect(told.map(({ kind }) => kind)).toEqual(["undelivered", "arrived"]);
  });

  it("on one channel, for many customers, delays no other channel (O4)", async () => {
    // More than one statement claims at once.
    const hanging = await Promise.all(Array.from({ length: 300 }, () => queued()));
    const other = await queued({ channel: "chat" });
    const lane = new AbortController();
    setMaxListeners(0, lane.signal);
    let hangs = 0;
    const run = createDeliver({
      db: bench.db,
      lanes: bench.lanes,
      log,
      meter,
      ceiling: () => 1_000,
      sender: ({ channel }) => ({
        ...mute,
        send: (_part, o) => {
          if (channel === "chat") return Promise.resolve(remoteId("r"));
          hangs++;
          return new Promise((_, reject) => o.signal.addEventListener("abort", () => reject(new Error("stopped"))));
        },
      }),
    });
    const running = hanging.map((thread) => run("pager", thread, lane.signal));
    await vi.waitUntil(() => hangs === hanging.length, { timeout: 10_000 });
    await run("chat", other, lane.signal);
    expect(await partOf(other)).toMatchObject({ outcome: "sent" });
    lane.abort();
    await Promise.all(running);
  });
});

describe("a part whose sender was killed", () => {
  it.each([
    ["a reply although a person took over since (T8)", "update conversation set epoch = 1 where thread = $1"],
    [
      "a part although the customer opted out since",
      "insert into suppression (channel, thread, since) values ('pager', $1, now())",
    ],
  ])("is asked about before it is dropped: %s", async (_, happened) => {
    const thread = await queued({ kind: "reply" });
    await interrupted(thread);
    await rows(happened, thread);
    await deliver(thread, { ...asked(remoteId("r7")), send: async () => remoteId("sent twice") });
    expect(await partOf(thread)).toMatchObject({ outcome: "sent", remote_id: "r7" });
  });

  it("is dropped once the platform says that it did not arrive", async () => {
    const thread = await queued({ kind: "reply" });
    await interrupted(thread);
    await rows("update conversation set epoch = 1 where thread = $1", thread);
    await deliver(thread, { ...asked("not-sent"), send: async () => remoteId("sent twice") });
    expect(await partOf(thread)).toMatchObject({ outcome: "dropped" });
  });

  it("is parked where its channel was removed meanwhile: it may have arrived", async () => {
    const thread = await queued();
    await interrupted(thread);
    await deliver(thread, null);
    expect(await partOf(thread)).toMatchObject({ outcome: "parked" });
  });

  it("waits a minute for a receipt where the platform can't be asked, then is parked", async () => {
    const thread = await queued();
    const sender = { ...mute, awaitsReceipts: true, send: async () => remoteId("sent twice") };
    await interrupted(thread, 20);
    await deliver(thread, sender);
    const { outcome, attempted, due_in_s } = await partOf(thread);
    expect([outcome, attempted, Math.round(due_in_s / 10)]).toEqual([null, true, 4]);
    await rows("update outbox set due_at = now() where thread = $1", thread);
    await interrupted(thread, 61);
    await deliver(thread, sender);
    expect(await partOf(thread)).toMatchObject({ outcome: "parked", error: expect.stringContaining("sender stopped") });
  });

  it("is parked with the reason of the attempt that is in doubt", async () => {
    const thread = await queued();
    const sender = { ...mute, awaitsReceipts: true };
    await deliver(thread, { ...sender, send: () => Promise.reject(busy) });
    await again(thread);
    await deliver(thread, { ...sender, send: () => Promise.reject(cut) });
    for (const agoS of [20, 61]) {
      await interrupted(thread, agoS);
      await again(thread);
      await deliver(thread, { ...sender, send: async () => remoteId("sent twice") });
    }
    expect(await partOf(thread)).toMatchObject({ outcome: "parked", error: "The connection was cut" });
  });

  it("is not parked with the reason of an attempt before that one", async () => {
    const thread = await queued();
    await deliver(thread, { ...mute, send: () => Promise.reject(busy) });
    await again(thread);
    await claimParts(bench.db, [{ channel: "pager", thread }]);
    await interrupted(thread);
    await again(thread);
    await deliver(thread, { ...mute, send: async () => remoteId("sent twice") });
    expect(await partOf(thread)).toMatchObject({ outcome: "parked", error: expect.stringContaining("sender stopped") });
  });
});

describe("a part that can't be sent", () => {
  it("fails by name after a day (E3)", async () => {
    const thread = await queued();
    await rows("update outbox set created_at = now() - interval '25 hours' where thread = $1", thread);
    const busy = new SendError("The pager is busy", { outcome: "not-sent", retry: { afterMs: 1_000 } });
    await deliver(thread, { ...mute, send: () => Promise.reject(busy) });
    expect(await partOf(thread)).toMatchObject({
      outcome: "failed",
      error: "Given up after a day: The pager is busy",
    });
  });
});

describe("a worker whose clock differs from the database's by", () => {
  it.each([
    ["two minutes", -120_000],
    ["an hour", 3_600_000],
  ])("%s waits as long as the platform asked (E6)", async (_, ms) => {
    const thread = await queued();
    setClock(ms);
    const busy = new SendError("busy", { outcome: "not-sent", retry: { afterMs: 60_000 } });
    await deliver(thread, { ...mute, send: () => Promise.reject(busy) });
    const { due_in_s } = await partOf(thread);
    expect(Math.round(due_in_s / 10)).toBe(6);
  });

  it("ten minutes asks about an unknown outcome for as long as any other", async () => {
    const thread = await queued();
    setClock(600_000);
    const calls: string[] = [];
    const lost = new SendError("lost", { outcome: "unknown", retry: "never" });
    await deliver(thread, { ...asked("unknown", calls), send: () => Promise.reject(lost) });
    expect(calls).toHaveLength(1);
    expect(await partOf(thread)).toMatchObject({ outcome: null, attempted: true });
  });
});
