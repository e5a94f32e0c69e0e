import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { claimParts } from "../../src/store/claim-parts.ts";
import { settleParts } from "../../src/store/settle-parts.ts";
import { ECHO, OUR_NUMBER, SETTLED, startDesk, type TestDesk } from "../support/desk.ts";

/** Several messages in one answer, so that their order can be tested. */
const THREE = `
id: three
title: Three
status: live
on: [conversation.opened, message.received]
channels: [sms]
if: message.text.startsWith("three")
priority: 1
steps: [{ say: one }, { say: two }, { say: three }]
`;
const BILLING = `
id: billing
title: Billing
status: live
on: [conversation.opened]
if: message.text.startsWith("billing")
priority: 1
steps: [{ say: Let me see. }, { say: This is for people. }, { handoff: billing, say: Here they come. }]
`;

// The whole product and a second worker: either may claim any part.
let desk: TestDesk;
beforeAll(async () => {
  desk = await startDesk({
    files: { "workflows/echo.yaml": ECHO, "workflows/three.yaml": THREE, "workflows/billing.yaml": BILLING },
  });
  await desk.start({ role: "worker" });
});
afterAll(() => desk[Symbol.asyncDispose]());
beforeEach(() => desk.twilio.reset());

let customers = 0;
const newcomer = () => `+1555030${String(++customers).padStart(4, "0")}`;
const text = async (from: string, body: string): Promise<void> => {
  expect((await desk.twilio.text({ from, to: OUR_NUMBER, body })).status).toBe(200);
};
const got = (to: string) => desk.twilio.sent(to).map(({ body }) => body);
const thread = (from: string) => `${OUR_NUMBER}:${from}`;
const parts = (from: string) =>
  desk.rows<{ outcome: string | null; attempts: number; error: string | null; text: string }>(
    "select outcome, attempts, error, content->>'text' as text from outbox where thread = $1 order by id",
    [thread(from)],
  );
const caseOf = (from: string) =>
  desk.rows<{ status: string; reason: string }>(
    `select k.status, k.card->>'reason' as reason from "case" k join conversation c on c.id = k.conversation where c.thread = $1`,
    [thread(from)],
  );
const waitUntilSettled = (from: string, withinMs = 10_000) =>
  desk.until(
    `select count(*) filter (where outcome is null) = 0 and count(*) > 0
       and (select count(*) from event e join conversation c on c.id = e.conversation where c.thread = $1 and e.seq is null) = 0 as ok
     from outbox where thread = $1`,
    { values: [thread(from)], withinMs },
  );

/** Waits until the conversation has parts to send, and returns its id. */
async function begun(from: string): Promise<{ id: number }[]> {
  await desk.until(`select count(*) > 0 as ok from outbox where thread = $1`, { values: [thread(from)] });
  return desk.rows<{ id: number }>("select id from conversation where thread = $1", [thread(from)]);
}

const deliveryOf = (sid: string) =>
  desk.rows<{ status: string; code: string | null }>("select status, code from delivery where remote_id = $1", [sid]);

describe("one thread", () => {
  // O1
  it("gets its parts in order: the next leaves when the one before was accepted", async () => {
    const dana = newcomer();
    desk.twilio.script(dana, { kind: "slow", ms: 300 }, { times: 3 });
    await text(dana, "three");
    await waitUntilSettled(dana);
    expect(got(dana)).toEqual(["one", "two", "three"]);
    const times = desk.twilio.sent(dana).map(({ at }) => at.getTime());
    for (const [n, at] of times.entries()) if (n > 0) expect(at - (times[n - 1] ?? 0)).toBeGreaterThanOrEqual(290);
  });

  it("is claimed by one of many senders, and its second part by none before the first is settled", async () => {
    const stream = { channel: "chat", thread: "claimed-by-hand" };
    await desk.rows(
      `insert into outbox (conversation, event, n, channel, thread, kind, epoch, content)
       select (select min(id) from conversation), -1, n, 'chat', 'claimed-by-hand', 'notice', 0, '{"text":"x"}' from generate_series(1, 2) n`,
    );
    const claims = await Promise.all(Array.from({ length: 8 }, () => claimParts(desk.db, [stream])));
    const [first] = claims.flat().filter((part) => part !== null);
    expect(claims.flat().filter((part) => part !== null)).toHaveLength(1);
    if (first == null) throw new Error("Nothing was claimed");
    expect(await claimParts(desk.db, [stream, stream])).toEqual([null, null]);
    await settleParts(desk.db, [{ id: first.id, attempt: 1, outcome: "sent", remoteId: "r1" }]);
    const both = await claimParts(desk.db, [stream, stream]);
    expect(both.map((part) => part === null)).toEqual([false, true]);
    await settleParts(desk.db, [{ id: both[0]?.id ?? 0, attempt: 1, outcome: "sent", remoteId: "r2" }]);
  });

  // O2: the lease expired while its holder was slow.
  it("accepts nothing from a sender that lost its lease except that the part was sent", async () => {
    const stream = { channel: "chat", thread: "lost-lease" };
    await desk.rows(
      `insert into outbox (conversation, event, n, channel, thread, kind, epoch, content)
       select (select min(id) from conversation), -2, 1, 'chat', 'lost-lease', 'notice', 0, '{"text":"x"}'`,
    );
    const [first] = await claimParts(desk.db, [stream]);
    await desk.rows("update outbox set lease_until = now() - interval '1 second' where thread = 'lost-lease'");
    // E2: its request may still be in flight.
    expect(await claimParts(desk.db, [stream])).toEqual([null]);
    await desk.rows("update outbox set in_flight_until = now() - interval '1 second' where thread = 'lost-lease'");
    const [second] = await claimParts(desk.db, [stream]);
    expect([first?.attemptedBefore === null, second?.attemptedBefore === null]).toEqual([true, false]);
    const id = first?.id ?? 0;
    const state =
      "select outcome, attempted_at is not null as attempted, lease_until is not null as leased from outbox where id = $1";
    await settleParts(desk.db, [{ id, attempt: 1, outcome: "retry", afterMs: 0, error: "late" }]);
    expect(await desk.rows(state, [id])).toEqual([{ outcome: null, attempted: true, leased: true }]);
    await settleParts(desk.db, [{ id, attempt: 2, outcome: "parked", error: "unknown" }]);
    await settleParts(desk.db, [{ id, attempt: 1, outcome: "sent", remoteId: "r" }]);
    // O3
    await settleParts(desk.db, [{ id, attempt: 2, outcome: "failed", error: "late" }]);
    expect((await desk.rows<{ outcome: string }>(state, [id]))[0]?.outcome).toBe("sent");
  });
});

describe("a take-over", () => {
  // T8
  it("drops the bot's unsent replies with a journal entry, and keeps notices", async () => {
    const dana = newcomer();
    desk.twilio.script(dana, { kind: "slow", ms: 700 });
    await text(dana, "billing");
    const [row] = await begun(dana);
    await desk.operator("alex").does(row?.id ?? 0, { kind: "claim" });
    await waitUntilSettled(dana);
    expect(got(dana)).toEqual(["Let me see.", "Here they come."]);
    expect((await parts(dana)).map(({ outcome }) => outcome)).toEqual(["sent", "dropped", "sent"]);
    const dropped = "select lines->0->>'code' as code from event where conversation = $1 and kind = 'dropped'";
    expect(await desk.rows(dropped, [row?.id])).toEqual([{ code: "part.dropped" }]);
  });
});

describe("a desk that can't show something", () => {
  it("because the database was down shows it later", async () => {
    const dana = desk.customer("waits");
    await dana.message("billing please");
    await desk.until(SETTLED);
    const conversation = await dana.conversation();
    const holder = await desk.db.pool.connect();
    await holder.query(`begin; lock table "case" in access exclusive mode`);
    await desk.rows(
      `insert into outbox (conversation, event, n, channel, thread, kind, epoch, content)
       values ($1::bigint, -4, 1, 'chat', 'case:' || $1::bigint, 'notice', 0, '{"desk":"entry","entry":{"text":"x"}}')`,
      [conversation],
    );
    // The query for the case's thread waits for the table lock, and its connection is cut.
    const waiting = `from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
      and query like 'select thread from "case"%'`;
    await desk.until(`select count(*) > 0 as ok ${waiting}`);
    await desk.rows(`select pg_terminate_backend(pid) ${waiting}`);
    await holder.query("rollback");
    holder.release();
    await desk.until("select outcome = 'sent' as ok from outbox where event = -4");
  });

  it("is not notified of it again and again: the journal has it", async () => {
    const dana = desk.customer("dana");
    await dana.message("hello");
    await desk.until(SETTLED);
    const conversation = await dana.conversation();
    // No case was opened, so there is no thread to show this in.
    await desk.rows(
      `insert into outbox (conversation, event, n, channel, thread, kind, epoch, content)
       values ($1, -3, 1, 'chat', 'case:unknown', 'notice', 0, '{"desk":"entry","entry":{"text":"x"}}')`,
      [conversation],
    );
    await desk.until("select count(*) = 1 as ok from event where kind = 'undelivered' and conversation = $1", {
      values: [conversation],
    });
    await desk.until(SETTLED);
    const told = "select lines->0->>'code' as code from event where kind = 'undelivered' and conversation = $1";
    expect(await desk.rows(told, [conversation])).toEqual([{ code: "desk.unshown" }]);
    expect(await desk.rows("select 1 from outbox where conversation = $1", [conversation])).toHaveLength(2);
  });
});

describe("a platform that fails", () => {
  // O2: Twilio takes no idempotency key and can't be asked, so nothing is sent a second time.
  it.each([
    ["loses its answer", { kind: "answer-lost" } as const, 1],
    ["answers 500", { kind: "answer", status: 500 } as const, 0],
  ])("and %s: the part is parked, a person is notified, and nothing is repeated", async (_, fault, taken) => {
    const dana = newcomer();
    desk.twilio.script(dana, fault);
    await text(dana, "hello");
    await waitUntilSettled(dana);
    expect(await parts(dana)).toMatchObject([{ outcome: "parked", attempts: 1 }]);
    expect(await caseOf(dana)).toEqual([{ status: "new", reason: "It is unknown whether a message arrived" }]);
    await desk.until(SETTLED);
    expect(got(dana)).toHaveLength(taken);
  });

  it("and refuses for good: a person is notified", async () => {
    const dana = newcomer();
    desk.twilio.script(dana, { kind: "answer", status: 400, code: 21614 });
    await text(dana, "hello");
    await waitUntilSettled(dana);
    expect(await parts(dana)).toMatchObject([{ outcome: "failed", attempts: 1 }]);
    expect(await caseOf(dana)).toMatchObject([{ reason: "A message was not delivered" }]);
  });

  it("and is busy: the part is sent again, not before the requested time", async () => {
    const dana = newcomer();
    desk.twilio.script(dana, { kind: "answer", status: 429, retryAfter: "2" });
    const began = Date.now();
    await text(dana, "hello");
    await waitUntilSettled(dana);
    expect(got(dana)).toEqual(["You said hello"]);
    expect((desk.twilio.sent(dana)[0]?.at.getTime() ?? 0) - began).toBeGreaterThanOrEqual(2_000);
    expect(await parts(dana)).toMatchObject([{ outcome: "sent", attempts: 2 }]);
    expect(await caseOf(dana)).toEqual([]);
  });

  // O4
  it("slowly for one recipient, or for the whole channel, delays no others", async () => {
    const slow = Array.from({ length: 20 }, newcomer);
    const broken = Array.from({ length: 20 }, newcomer);
    for (const to of slow) desk.twilio.script(to, { kind: "slow", ms: 2_500 });
    for (const to of broken) desk.twilio.script(to, { kind: "answer", status: 429, retryAfter: "3" });
    await Promise.all([...slow, ...broken].map((from) => text(from, "hello")));
    const others = Array.from({ length: 20 }, newcomer);
    const began = performance.now();
    await Promise.all(others.map((from) => text(from, "hello")));
    const kim = desk.customer("kim");
    await kim.message("hello");
    for (const from of others) await waitUntilSettled(from);
    await expect.poll(() => kim.heard(), { timeout: 2_000 }).toEqual(["You said hello"]);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(others.flatMap(got)).toEqual(others.map(() => "You said hello"));
    for (const from of [...slow, ...broken]) await waitUntilSettled(from);
    expect([...slow, ...broken].flatMap(got)).toHaveLength(40);
  });
});

describe("receipts", () => {
  // I8, O3, and SM8 of the SMS conformance cases
  it("out of order and repeated only move the status forward", async () => {
    const dana = newcomer();
    await text(dana, "hello");
    await waitUntilSettled(dana);
    const sid = desk.twilio.sent(dana)[0]?.sid ?? "";
    for (const status of ["delivered", "sent", "queued", "sent"]) {
      const { url, headers, body } = desk.twilio.statusWebhook({ sid, status, url: `${desk.url}/channels/sms/status` });
      expect((await fetch(url, { method: "POST", headers, body })).status).toBe(200);
    }
    expect(await deliveryOf(sid)).toEqual([{ status: "delivered", code: null }]);
    expect(
      await desk.rows(
        "select 1 from event where kind = 'undelivered' and cause in (select event from outbox where thread = $1)",
        [thread(dana)],
      ),
    ).toEqual([]);
  });

  it.each([
    ["after the send returned", 0],
    ["before the send returned", 600],
  ])("of a failure, %s, three times: one event, and a person is notified", async (_, slowMs) => {
    const dana = newcomer();
    if (slowMs > 0) desk.twilio.script(dana, { kind: "slow", ms: slowMs });
    await text(dana, "hello");
    if (slowMs === 0) await waitUntilSettled(dana);
    while (desk.twilio.sent(dana).length === 0) await desk.rows("select 1");
    const sid = desk.twilio.sent(dana)[0]?.sid ?? "";
    const report = { sid, status: "undelivered", errorCode: 30005, url: `${desk.url}/channels/sms/status` };
    await Promise.all([1, 2, 3].map(() => desk.twilio.status(report)));
    await waitUntilSettled(dana);
    await desk.until(SETTLED);
    const told =
      "select payload->>'reason' as message from event where kind = 'undelivered' and cause in (select event from outbox where thread = $1)";
    expect(await desk.rows(told, [thread(dana)])).toEqual([{ message: "The platform reported undelivered (30005)" }]);
    expect(await caseOf(dana)).toMatchObject([{ reason: "A message was not delivered" }]);
    expect(await deliveryOf(sid)).toEqual([{ status: "undelivered", code: "30005" }]);
  });
});
