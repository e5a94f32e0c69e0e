/** Claims whose answer is lost with the database's connection: their parts never left (E2). */
import { EventEmitter, once, setMaxListeners } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { remoteId } from "../../src/domain/ids.ts";
import { createDeliver } from "../../src/outbound/deliver.ts";
import type { Sender } from "../../src/outbound/sender.ts";
import type { Db } from "../../src/store/db.ts";
import { type Bench, log, meter, openBench } from "../turn/store.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

const rows = async <Row = Record<string, unknown>>(text: string, ...values: unknown[]): Promise<Row[]> =>
  (await bench.db.pool.query(text, values)).rows as Row[];

let serial = 0;

/** Queues one part; returns its thread. */
async function queued(): Promise<string> {
  const thread = `lost ${++serial}`;
  await rows(
    `with c as (insert into conversation (channel, thread, contact, state)
                values ('pager', $1, 1, '{"state":{"v":3}}') returning id)
     insert into outbox (conversation, event, n, channel, thread, kind, epoch, content)
     select id, -$2::int, 0, 'pager', $1, 'notice', 0, '{"text":"x"}' from c`,
    thread,
    serial,
  );
  return thread;
}

const partOf = async (thread: string) =>
  (
    await rows(
      `select outcome, attempts, attempted_at is not null as attempted, lease_until is not null as leased,
         in_flight_until is not null as flying, due_at <= now() as due from outbox where thread = $1`,
      thread,
    )
  )[0];
const free = { outcome: null, attempts: 1, attempted: false, leased: false, flying: false, due: true };
const taken = { outcome: null, attempts: 1, attempted: true, leased: true, flying: true };

const restarted = () =>
  Object.assign(new Error("terminating connection due to administrator command"), { code: "57P01" });

type Run = Db["run"];
/** The same database; `change` runs its statements, or does not. */
const changed = (change: (name: string, run: () => Promise<unknown[]>) => Promise<unknown[]>): Db => ({
  ...bench.db,
  run: <Row>(...[statement, values]: Parameters<Run>) =>
    change(statement.name, () => bench.db.run(statement, values)) as Promise<Row[]>,
});

/** Claims are made, but their answer is lost; the next `away` other statements find no database. */
function losing({ away = 0 } = {}): Db {
  let left = away;
  return changed(async (name, run) => {
    if (name !== "claim_parts" && left-- > 0) throw restarted();
    const answer = await run();
    if (name === "claim_parts") throw restarted();
    return answer;
  });
}

const { signal } = new AbortController();
setMaxListeners(0, signal);

/** A sender that can't be asked; counts what it sent. */
function mute(during: () => Promise<void> = async () => {}): Sender & { sent: string[] } {
  const sent: string[] = [];
  return {
    sent,
    canReconcile: false,
    reconcile: async () => "unknown",
    async send({ thread }, { leaving }) {
      leaving();
      sent.push(thread);
      await during();
      return remoteId(`${thread} ${sent.length}`);
    },
  };
}

const deliver = (thread: string, sender: Sender, db: Db = bench.db) =>
  createDeliver({ db, lanes: bench.lanes, log, meter, sender: () => sender, ceiling: () => 1_000 })(
    "pager",
    thread,
    signal,
  );

function latch(): { opened: Promise<void>; open: () => void } {
  const gate = new EventEmitter();
  return { opened: once(gate, "open").then(() => undefined), open: () => void gate.emit("open") };
}

describe("a claim whose answer is lost", () => {
  it.each([0, 3])(
    "is given back, also if %d statements after it find no database; its part is sent once",
    async (away) => {
      const thread = await queued();
      const sender = mute();
      await expect(deliver(thread, sender, losing({ away }))).rejects.toThrow("terminating connection");
      expect(await partOf(thread)).toMatchObject(free);
      await deliver(thread, sender);
      expect([sender.sent, await partOf(thread)]).toMatchObject([[thread], { outcome: "sent", attempts: 2 }]);
    },
  );

  it("is given back for each stream of a batch", async () => {
    const threads = await Promise.all(Array.from({ length: 5 }, queued));
    const db = losing();
    const run = createDeliver({ db, lanes: bench.lanes, log, meter, sender: () => mute(), ceiling: () => 1_000 });
    const results = await Promise.allSettled(threads.map((thread) => run("pager", thread, signal)));
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(["rejected"]));
    for (const thread of threads) expect(await partOf(thread)).toMatchObject(free);
  });

  it("leaves a part that may have left before to the next claim, which asks about it", async () => {
    const thread = await queued();
    await rows(
      "update outbox set attempts = 1, attempted_at = now() - interval '20 seconds' where thread = $1",
      thread,
    );
    await expect(deliver(thread, mute(), losing())).rejects.toThrow("terminating connection");
    expect(await partOf(thread)).toMatchObject({ ...taken, attempts: 2 });
  });
});

/** Claims find no database; everything else does. */
const claimless = () => changed((name, run) => (name === "claim_parts" ? Promise.reject(restarted()) : run()));

describe("a lost claim gives back nothing", () => {
  it("that another process has claimed", async () => {
    const thread = await queued();
    await expect(deliver(thread, mute(), losing({ away: 0 }))).rejects.toThrow();
    await rows(
      `update outbox set claimed_by = -1, attempted_at = now(), lease_until = now() + interval '2 seconds',
         in_flight_until = now() + interval '13 seconds' where thread = $1`,
      thread,
    );
    await expect(deliver(thread, mute(), claimless())).rejects.toThrow("terminating connection");
    expect(await partOf(thread)).toMatchObject(taken);
  });

  it("that this process is sending", async () => {
    const thread = await queued();
    const [began, answered] = [latch(), latch()];
    const sender = mute(() => {
      began.open();
      return answered.opened;
    });
    const sending = deliver(thread, sender);
    await began.opened;
    await expect(deliver(thread, mute(), claimless())).rejects.toThrow("terminating connection");
    expect(await partOf(thread)).toMatchObject(taken);
    answered.open();
    await sending;
    expect([sender.sent, await partOf(thread)]).toMatchObject([[thread], { outcome: "sent", attempts: 1 }]);
  });

  it("that this process has claimed, while that claim's answer is on its way", async () => {
    const thread = await queued();
    const [made, arrives, began, answered] = [latch(), latch(), latch(), latch()];
    const slow = changed(async (name, run) => {
      const answer = await run();
      if (name !== "claim_parts") return answer;
      made.open();
      await arrives.opened;
      return answer;
    });
    const sender = mute(() => {
      began.open();
      return answered.opened;
    });
    const sending = deliver(thread, sender, slow);
    await made.opened;
    const lost = expect(deliver(thread, mute(), claimless())).rejects.toThrow("terminating connection");
    for (let n = 0; n < 20; n++) expect(await partOf(thread)).toMatchObject(taken);
    arrives.open();
    await began.opened;
    await lost;
    expect(await partOf(thread)).toMatchObject(taken);
    answered.open();
    await sending;
    expect(sender.sent).toEqual([thread]);
  });

  it("that was sent, if that could not be stored", async () => {
    const thread = await queued();
    const full = changed((name, run) => (name === "settle_parts" ? Promise.reject(new Error("disk full")) : run()));
    const sender = mute();
    await expect(deliver(thread, sender, full)).rejects.toThrow("disk full");
    await expect(deliver(thread, sender, claimless())).rejects.toThrow("terminating connection");
    expect([sender.sent, await partOf(thread)]).toMatchObject([[thread], taken]);
  });
});
