/** Take-over of a part whose sender is gone or stands still (E1, E2), in the statements. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROCESS_NUMBER } from "../../src/lib/process-number.ts";
import { type ClaimedPart, claimParts } from "../../src/store/claim-parts.ts";
import { renewParts } from "../../src/store/leases.ts";
import { storeReceipt } from "../../src/store/receipts.ts";
import { type Settlement, settleParts } from "../../src/store/settle-parts.ts";
import { type Bench, openBench } from "../turn/store.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

const rows = async <Row = Record<string, unknown>>(text: string, ...values: unknown[]): Promise<Row[]> =>
  (await bench.db.pool.query(text, values)).rows as Row[];

let serial = 0;

/** Queues a part of a conversation whose stored state has this version; returns its thread. */
async function queued({
  version = 3,
  kind = "notice",
  content = {},
}: {
  version?: number;
  kind?: string;
  content?: object;
} = {}) {
  const thread = `t${++serial}`;
  await rows(
    `with c as (insert into conversation (channel, thread, contact, state)
                values ('sms', $1, 1, json_build_object('state', json_build_object('v', $2::int))) returning id)
     insert into outbox (conversation, event, n, channel, thread, kind, epoch, content, message)
     select id, $3, 0, 'sms', $1, $4, 0, $5, 1 from c`,
    thread,
    version,
    serial,
    kind,
    JSON.stringify(content),
  );
  return thread;
}

const claim = async (thread: string): Promise<ClaimedPart | null> =>
  (await claimParts(bench.db, [{ channel: "sms", thread }]))[0] ?? null;

async function claimed(thread: string): Promise<ClaimedPart> {
  const part = await claim(thread);
  if (part === null) throw new Error("Nothing is due");
  return part;
}

const settle = async ({ id, attempts }: ClaimedPart, made: Omit<Settlement, "id">) =>
  (await settleParts(bench.db, [{ ...made, id, attempt: attempts } as Settlement & { attempt: number }]))[0];
const parked = { outcome: "parked", error: "unknown" } as const;
const sent = (remoteId: string) => ({ outcome: "sent", remoteId }) as const;

/** Lets the sender's lease pass, and where said the time of its request too. */
const pass = (thread: string, { flight = false } = {}) =>
  rows(
    `update outbox set lease_until = now() - interval '1 second',
       in_flight_until = case when $2 then now() - interval '1 second' else in_flight_until end where thread = $1`,
    thread,
    flight,
  );

const stateOf = async (thread: string) =>
  (
    await rows(
      `select outcome, remote_id, attempted_at is not null as attempted, lease_until is not null as leased,
         in_flight_until is not null as flying, claimed_by from outbox where thread = $1`,
      thread,
    )
  )[0];
const told = async (thread: string) =>
  (
    await rows<{ kind: string }>(
      "select e.kind from event e join conversation c on c.id = e.conversation where c.thread = $1 order by e.id",
      thread,
    )
  ).map(({ kind }) => kind);

describe("a claimed part", () => {
  it("names its claimant, and is taken over when its request can no longer be in flight (E2)", async () => {
    const thread = await queued();
    expect(await claimed(thread)).toMatchObject({ attempts: 1, attemptedBefore: null, unknownForMs: null });
    expect(await stateOf(thread)).toMatchObject({ leased: true, flying: true, claimed_by: PROCESS_NUMBER });
    await pass(thread);
    expect(await claim(thread)).toBeNull();
    await pass(thread, { flight: true });
    expect(await claimed(thread)).toMatchObject({ attempts: 2, unknownForMs: expect.any(Number) });
  });

  it("is free at once when it certainly was not sent", async () => {
    const thread = await queued();
    await settle(await claimed(thread), { outcome: "retry", afterMs: 0, error: "busy" } as Omit<Settlement, "id">);
    expect(await stateOf(thread)).toMatchObject({ attempted: false, leased: false, flying: false });
    expect(await claimed(thread)).toMatchObject({ attempts: 2, attemptedBefore: null });
  });

  it("is renewed by its own claim only (E1)", async () => {
    const thread = await queued();
    const first = await claimed(thread);
    await pass(thread, { flight: true });
    const second = await claimed(thread);
    const claims = [first, second].map(({ id, attempts }) => ({ id, attempt: attempts }));
    expect(await renewParts(bench.db, claims)).toEqual([{ id: second.id, attempt: 2 }]);
    await settle(second, sent("SM1"));
    expect(await renewParts(bench.db, claims)).toEqual([]);
  });
});

describe("a parked part that was sent after all", () => {
  it("is reported as arrived, once", async () => {
    const thread = await queued();
    const part = await claimed(thread);
    await settle(part, parked);
    expect(await settle(part, sent("SM2"))).toMatchObject({ wake: part.conversation });
    await settle(part, sent("SM2"));
    expect(await stateOf(thread)).toMatchObject({ outcome: "sent", remote_id: "SM2" });
    expect(await told(thread)).toEqual(["undelivered", "arrived"]);
  });

  it("is not reported to a conversation that an older build may still handle", async () => {
    const thread = await queued({ version: 2 });
    const part = await claimed(thread);
    await settle(part, parked);
    await settle(part, sent("SM3"));
    expect(await told(thread)).toEqual(["undelivered"]);
  });

  it("and failed on its way is not reported as arrived", async () => {
    const thread = await queued();
    const part = await claimed(thread);
    await settle(part, parked);
    await storeReceipt(bench.db, { channel: "sms", remoteId: "SM4", status: "failed", code: null, optedOut: false });
    await settle(part, sent("SM4"));
    expect(await told(thread)).toEqual(["undelivered"]);
  });
});

const receive = async (part: ClaimedPart, remoteId: string, o: { status?: "sent" | "failed"; key?: string } = {}) => {
  const [row] = await rows<{ installation: string }>("select installation from schema_version");
  const { status = "sent", key = `fd-${row?.installation}-${part.id}` } = o;
  return storeReceipt(bench.db, { channel: "sms", remoteId, key, status, code: null, optedOut: false });
};

describe("a receipt that names its part", () => {
  it("settles it where its outcome is unknown, and nobody is told", async () => {
    const thread = await queued();
    const part = await claimed(thread);
    await settle(part, { outcome: "unclear", afterMs: 60_000, error: "lost" } as Omit<Settlement, "id">);
    expect(await receive(part, "SM5")).toBeNull();
    expect(await stateOf(thread)).toMatchObject({ outcome: "sent", remote_id: "SM5" });
    expect(await told(thread)).toEqual([]);
  });

  it("settles a parked one, which is reported as arrived", async () => {
    const thread = await queued({ kind: "relay", content: { text: "x", ref: "r" } });
    const part = await claimed(thread);
    await settle(part, parked);
    expect(await receive(part, "SM6")).toBe(part.conversation);
    expect(await stateOf(thread)).toMatchObject({ outcome: "sent", remote_id: "SM6" });
    expect((await told(thread)).toSorted()).toEqual(["arrived", "delivered", "undelivered"]);
  });

  it("leaves it to its sender while that is at work; the next claim knows", async () => {
    const thread = await queued();
    const part = await claimed(thread);
    await receive(part, "SM7");
    expect(await stateOf(thread)).toMatchObject({ outcome: null, leased: true });
    await pass(thread, { flight: true });
    expect(await claimed(thread)).toMatchObject({ attempts: 2, knownAs: "SM7" });
  });

  it("makes it due at once when its sender got no answer", async () => {
    const thread = await queued();
    const part = await claimed(thread);
    await receive(part, "SM8");
    await settle(part, { outcome: "unclear", afterMs: 60_000, error: "lost" } as Omit<Settlement, "id">);
    expect(await claimed(thread)).toMatchObject({ knownAs: "SM8" });
  });

  it("of a failure tells people that it failed", async () => {
    const thread = await queued();
    const part = await claimed(thread);
    await settle(part, { outcome: "unclear", afterMs: 60_000, error: "lost" } as Omit<Settlement, "id">);
    expect(await receive(part, "SM9", { status: "failed" })).toBe(part.conversation);
    expect(await told(thread)).toEqual(["undelivered"]);
  });

  it.each(["fd-another-1", "part-1", "", "fd--99999999999999999999999"])(
    "of another installation (%s) settles nothing",
    async (key) => {
      const thread = await queued();
      const part = await claimed(thread);
      await settle(part, parked);
      await receive(part, `SMx${key}`, { key });
      expect(await stateOf(thread)).toMatchObject({ outcome: "parked" });
    },
  );
});

it("waits as long as an earlier build may take for a send, which does not say so itself", async () => {
  const thread = await queued();
  const leased = (secondsAgo: number) =>
    rows(
      "update outbox set attempted_at = now(), lease_until = now() - $2::int * interval '1 second' where thread = $1",
      thread,
      secondsAgo,
    );
  await leased(5);
  expect(await claim(thread)).toBeNull();
  await leased(50);
  expect(await claim(thread)).toMatchObject({ attemptedBefore: expect.anything() });
});
