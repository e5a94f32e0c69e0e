/** Asks that end otherwise than by their answer: cancelled, expired, given up; and what is told of a write (E3, E4). */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CallResult } from "../../../src/domain/call.ts";
import { claimAsk } from "../../../src/store/asks.ts";
import { findWaiting } from "../../../src/store/sweep.ts";
import { type Bench, openBench } from "../store.ts";
import { askScene, crm, made, neverStopped, until } from "./scene.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

const { rows, ask, worker, answersOf, effectOf, outcome, cancel, endLease, endFlight } = askScene(() => bench);

const unsure = (of: CallResult) => ({ result: of, uncertain: true });
const aborted: CallResult = { ok: false, error: { reason: "timeout", message: "Aborted.", retryable: true } };
const ambiguous: CallResult = { ok: false, error: { reason: "ambiguous", message: "Aborted.", retryable: false } };
const refused: CallResult = { ok: false, error: { reason: "refused", message: "No.", retryable: false } };
const failedBy = (reason: string) => ({ result: { ok: false, error: { reason, retryable: false } } });

const expire = (id: string) => rows("update ask set expires_at = now() - interval '1 second' where id = $1", id);
const unreadable = () => Promise.reject(new Error("The release could not be read"));

/** A process claims it, and dies. */
async function dieWith(id: string, inFlightMs: number | null): Promise<void> {
  await claimAsk(bench.db, id, { inFlightMs, maxAttempts: 5 });
  await endLease(id);
  if (inFlightMs !== null) await endFlight(id);
}

describe("an ask that nobody wants any more", () => {
  it("never starts", async () => {
    const { id } = await ask();
    await cancel(id);
    await worker(crm("write"), async () => expect.unreachable())(id, neverStopped);
    expect(await answersOf(id)).toEqual([]);
    expect(await outcome(id)).toBe("cancelled");
  });

  it("does not start while what an operator did has not been handled, since that may call it off", async () => {
    const { id, conversation } = await ask();
    await rows("insert into event (conversation, kind, payload) values ($1, 'operator', '{}')", conversation);
    await worker(crm("write"), async () => expect.unreachable())(id, neverStopped);
    expect(await answersOf(id)).toEqual([]);
    await rows("update event set seq = 1 where conversation = $1 and kind = 'operator'", conversation);
    await worker(crm("write"), async () => made)(id, neverStopped);
    expect(await outcome(id)).toBe("succeeded");
  });

  it.each([
    ["a read", crm("read"), unsure(aborted), "cancelled", "cancelled"],
    ["a write that had not left", crm("write"), aborted, "cancelled", "cancelled"],
    ["a write that had left", crm("write"), unsure(ambiguous), "ambiguous", "unknown"],
    ["a write that had left with its key", crm("write", "Idempotency-Key"), unsure(aborted), "ambiguous", "unknown"],
    ["a write that was refused meanwhile", crm("write"), refused, "refused", "failed"],
  ] as const)("is aborted while it runs, and its outcome is journalled: %s", async (_, of, end, reason, ended) => {
    const { id, conversation } = await ask();
    await worker(of, async ({ signal, mayLeave }) => {
      await cancel(id);
      await until(() => signal.aborted);
      expect(mayLeave()).toBe(false);
      return end;
    })(id, neverStopped);
    expect(await answersOf(id)).toMatchObject([failedBy(reason)]);
    expect(await outcome(id)).toBe(ended);
    expect(bench.wakes).toContain(`turn ${conversation}`);
  });

  it("tells of the write that was made before it could be aborted", async () => {
    const { id } = await ask();
    await worker(crm("write"), async ({ signal }) => {
      await cancel(id);
      await until(() => signal.aborted);
      return made;
    })(id, neverStopped);
    expect(await answersOf(id)).toEqual([{ result: made }]);
    expect(await effectOf(id)).toEqual({ operation: "crm.get", write: true });
    expect(await outcome(id)).toBe("succeeded");
  });

  it.each([
    ["a read", "read", null, "cancelled", "cancelled"],
    ["a write", "write", null, "ambiguous", "unknown"],
    ["a write with its key, which is not repeated", "write", "Idempotency-Key", "ambiguous", "unknown"],
  ] as const)("is not repeated after its process died: %s", async (_, kind, header, reason, ended) => {
    const { id } = await ask();
    await dieWith(id, kind === "write" && header === null ? 1_000 : null);
    await cancel(id);
    await worker(crm(kind, header), async () => expect.unreachable())(id, neverStopped);
    expect(await answersOf(id)).toMatchObject([failedBy(reason)]);
    expect(await outcome(id)).toBe(ended);
  });
});

it("a write that was handed back unsent after it was called off is told as not made", async () => {
  const { id } = await ask();
  const stopping = new AbortController();
  await worker(crm("write"), async () => {
    await cancel(id);
    stopping.abort();
    return aborted;
  })(id, stopping.signal);
  expect(await answersOf(id)).toEqual([]);
  const { asks } = await findWaiting(bench.db, { idleMs: 0 });
  expect(asks.map((one) => one.id)).toContain(id);
  await worker(crm("write"), async () => expect.unreachable())(id, neverStopped);
  expect(await answersOf(id)).toMatchObject([failedBy("cancelled")]);
});

describe("an ask past its deadline", () => {
  it("is given up, so that its run goes on, and its connector is not called", async () => {
    const { id, conversation } = await ask();
    await expire(id);
    await worker(crm("read"), async () => expect.unreachable())(id, neverStopped);
    expect(await answersOf(id)).toMatchObject([failedBy("timeout")]);
    expect(await effectOf(id)).toEqual({ operation: "crm.get", write: false });
    expect(await outcome(id)).toBe("expired");
    expect(bench.wakes).toContain(`turn ${conversation}`);
  });

  it("is ambiguous where a write had been attempted", async () => {
    const { id } = await ask();
    await dieWith(id, null);
    await expire(id);
    await worker(crm("write", "Idempotency-Key"), async () => expect.unreachable())(id, neverStopped);
    expect(await answersOf(id)).toMatchObject([failedBy("ambiguous")]);
    expect(await outcome(id)).toBe("unknown");
  });

  it("is given up although its release can't be read", async () => {
    const { id } = await ask();
    await expire(id);
    await worker(crm("read"), async () => made, { connector: unreadable })(id, neverStopped);
    expect(await answersOf(id)).toMatchObject([failedBy("timeout")]);
  });

  it("does not wait for a slot of its bulkhead", async () => {
    let end: (() => void) | undefined;
    const ended = new Promise<CallResult>((resolve) => (end = () => resolve(made)));
    const run = worker(crm("read"), () => ended, { wake: () => undefined });
    const slow = await Promise.all(Array.from({ length: 32 }, () => ask()));
    const running = slow.map(({ id }) => run(id, neverStopped));
    const { id } = await ask();
    await until(
      async () => (await rows("select 1 from ask where attempted_at is not null and answered_at is null")).length >= 32,
    );
    await run(id, neverStopped);
    expect(await answersOf(id)).toEqual([]);
    await expire(id);
    await run(id, neverStopped);
    expect(await answersOf(id)).toMatchObject([failedBy("timeout")]);
    end?.();
    await Promise.all(running);
  });

  it("is not given up while it runs", async () => {
    const { id } = await ask();
    await worker(crm("read"), async () => {
      await expire(id);
      await worker(crm("read"), async () => expect.unreachable())(id, neverStopped);
      return made;
    })(id, neverStopped);
    expect(await answersOf(id)).toEqual([{ result: made }]);
  });
});

describe("an ask whose process dies every time", () => {
  it("is given up after some attempts", async () => {
    const { id } = await ask();
    let calls = 0;
    const died = new Error("killed");
    const run = worker(crm("read"), async () => {
      calls++;
      throw died;
    });
    await until(async () => {
      await run(id, neverStopped).catch((error: unknown) => expect(error).toBe(died));
      await endLease(id);
      return (await answersOf(id)).length > 0;
    });
    expect(calls).toBe(5);
    expect(await answersOf(id)).toMatchObject([failedBy("timeout")]);
    expect(await outcome(id)).toBe("failed");
  });

  it("marks a file as not stored", async () => {
    const { rows: told } = await bench.db.pool.query<{ event: number; message: number; conversation: number }>(
      `with said as (insert into message (conversation, author, text, attachments, at)
         values (9, 'customer', 'look', '[{"ref": "one", "name": "a.png"}]', now()) returning id)
       insert into event (conversation, kind, payload) select 9, 'message', json_build_object('message', id) from said
       returning id as event, (payload->>'message')::int as message, conversation`,
    );
    const { event, message } = told[0] ?? expect.unreachable();
    const request = { kind: "fetch", channel: "sms", attachment: { ref: "one", name: "a.png" } };
    await rows(
      "insert into ask (id, conversation, request, release, attempts) values ($1, 9, $2, 1, 5)",
      `e${event}.f0`,
      JSON.stringify(request),
    );
    await worker(crm("read"), async () => made)(`e${event}.f0`, neverStopped);
    expect(await rows("select attachments->0->>'refused' as refused from message where id = $1", message)).toEqual([
      { refused: expect.stringContaining("given up after 5 attempts") },
    ]);
  });
});

it("an answer says what it did outside, and whether that is a change", async () => {
  for (const kind of ["read", "write"] as const) {
    const { id } = await ask();
    await worker(crm(kind), async () => made)(id, neverStopped);
    expect(await effectOf(id)).toEqual({ operation: "crm.get", write: kind === "write" });
    expect(await outcome(id)).toBe("succeeded");
  }
});
