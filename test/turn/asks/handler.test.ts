import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConnectorManifest } from "../../../src/domain/connector-schema.ts";
import { answerAsk, claimAsk } from "../../../src/store/asks.ts";
import type { Db } from "../../../src/store/db.ts";
import { findWaiting } from "../../../src/store/sweep.ts";
import type { CallResult } from "../../../src/workflow/run.ts";
import { type Bench, openBench } from "../store.ts";
import { askScene, crm, made, neverStopped } from "./scene.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

const { rows, ask, worker, answersOf, endLease, endFlight } = askScene(() => bench);
const callMade = async (): Promise<CallResult> => made;
const unreadable = () => Promise.reject(new Error("The release could not be read"));

describe("an ask", () => {
  it("of a kind that only a newer version knows stays for it", async () => {
    const { id } = await ask();
    await rows("update ask set request = jsonb_build_object('kind', 'later') where id = $1", id);
    await expect(worker(crm("read"), callMade)(id, neverStopped)).rejects.toThrow("knows no ask of the kind “later”");
    expect(await answersOf(id)).toEqual([]);
    expect(await rows("select attempts from ask where id = $1", id)).toEqual([{ attempts: 0 }]);
  });

  it("that can't be read is answered with the faulty field, and its conversation goes on", async () => {
    const { id, conversation } = await ask();
    await rows("update ask set request = jsonb_build_object('kind', 'call', 'connector', 7) where id = $1", id);
    await worker(crm("read"), callMade)(id, neverStopped);
    const [answered] = await answersOf(id);
    expect(answered?.result).toMatchObject({
      ok: false,
      error: { reason: "bad_input", message: expect.stringMatching(/can't be read: [^]*connector/), retryable: false },
    });
    expect(bench.wakes).toContain(`turn ${conversation}`);
  });

  // T3
  it("is run by one worker, however many are woken, and its answer wakes the conversation", async () => {
    const { id, conversation } = await ask();
    let calls = 0;
    const call = async (): Promise<CallResult> => ({ ok: true, value: ++calls });
    const workers = [0, 1, 2, 3].map(() => worker(crm("read"), call));
    await Promise.all(workers.map((run) => run(id, neverStopped)));
    expect(calls).toBe(1);
    expect(await answersOf(id)).toEqual([{ result: { ok: true, value: 1 } }]);
    expect(bench.wakes).toContain(`turn ${conversation}`);
  });

  // T5
  it("is answered once: the second answer changes nothing", async () => {
    const { id, conversation } = await ask();
    const ended = { outcome: "succeeded", effect: null, tookMs: 1 } as const;
    const both = [1, 2].map((value) => answerAsk(bench.db, id, { ...ended, result: { ok: true, value } }));
    const woken = await Promise.all(both);
    expect(woken.filter((one) => one !== null)).toEqual([conversation]);
    expect(await answersOf(id)).toHaveLength(1);
  });

  it.each([
    ["a read", "read", null, { ok: true, value: "again" }],
    ["a write that carries its key", "write", "Idempotency-Key", { ok: true, value: "again" }],
    ["a write that could happen twice", "write", null, { ok: false, error: { reason: "ambiguous", retryable: false } }],
  ] as const)("of a worker that was killed is found by the sweep: %s", async (_, kind, header, result) => {
    const { id } = await ask();
    await claimAsk(bench.db, id, { inFlightMs: header === null && kind === "write" ? 10_000 : null, maxAttempts: 5 });
    const run = worker(crm(kind, header), async () => ({ ok: true, value: "again" }));
    await run(id, neverStopped);
    // While the lease holds, its worker counts as alive.
    expect(await answersOf(id)).toEqual([]);
    await endLease(id);
    // E2: while the request of a write may be in flight, nobody says that its outcome is unknown.
    if (!result.ok) {
      await run(id, neverStopped);
      expect(await answersOf(id)).toEqual([]);
      await endFlight(id);
    }
    expect((await findWaiting(bench.db, { idleMs: 0 })).asks.map((waiting) => waiting.id)).toContain(id);
    await run(id, neverStopped);
    expect(await answersOf(id)).toMatchObject([{ result }]);
  });

  it("keeps its lease while it runs", async () => {
    const { id } = await ask();
    let finish: (() => void) | undefined;
    const slow = worker(
      crm("read"),
      () => new Promise((resolve) => (finish = () => resolve({ ok: true, value: "slow" }))),
    );
    const running = slow(id, neverStopped);
    const lease = "select lease_until from ask where id = $1";
    while ((await rows<{ lease_until: Date | null }>(lease, id))[0]?.lease_until == null);
    const [first] = await rows<{ lease_until: Date }>(lease, id);
    const renewed = async () =>
      (await rows<{ lease_until: Date }>(lease, id))[0]?.lease_until.getTime() !== first?.lease_until.getTime();
    while (!(await renewed()));
    expect(await claimAsk(bench.open(), id, { inFlightMs: null, maxAttempts: 5 })).toBeNull();
    finish?.();
    await running;
    expect(await answersOf(id)).toHaveLength(1);
  });

  // T3: when Postgres is away for longer than a lease, a call with a known answer must not become ambiguous.
  it("keeps its lease until its answer is stored", async () => {
    const { id } = await ask();
    const own = bench.open();
    let away = true;
    const db: Db = {
      ...own,
      run: async <Row>(statement: Parameters<Db["run"]>[0], values: readonly unknown[]) => {
        if (away && statement.name === "answer_ask") throw Object.assign(new Error("…"), { code: "57P01" });
        return own.run<Row>(statement, values);
      },
    };
    let called: (() => void) | undefined;
    const calling = new Promise<void>((done) => (called = done));
    const call = async (): Promise<CallResult> => {
      called?.();
      return { ok: true, value: "known" };
    };
    const running = worker(crm("write"), call, { db })(id, neverStopped);
    await calling;
    await rows("update ask set lease_until = now() + interval '1 minute' where id = $1", id);
    const renewed = "select lease_until < now() + interval '30 seconds' as ok from ask where id = $1";
    const deadline = performance.now() + 5_000;
    while ((await rows<{ ok: boolean }>(renewed, id))[0]?.ok !== true) expect(performance.now()).toBeLessThan(deadline);
    away = false;
    await running;
    expect(await answersOf(id)).toEqual([{ result: { ok: true, value: "known" } }]);
  });

  it("does not count as attempted when its connector could not be loaded", async () => {
    const { id } = await ask();
    await expect(worker(crm("write"), callMade, { connector: unreadable })(id, neverStopped)).rejects.toThrow(
      "could not be read",
    );
    await worker(crm("write"), callMade)(id, neverStopped);
    expect(await answersOf(id)).toEqual([{ result: { ok: true, value: "made" } }]);
  });
});

/** Stops the process during a call that ends with `result`. Returns the journalled answers. */
async function stopDuringCall(of: ConnectorManifest, result: CallResult) {
  const { id } = await ask();
  const stop = new AbortController();
  await worker(of, async () => {
    stop.abort();
    return result;
  })(id, stop.signal);
  return { id, answers: await answersOf(id) };
}

describe("a worker that is stopped during a call", () => {
  const calledOff: CallResult = { ok: false, error: { reason: "timeout", message: "Called off.", retryable: true } };
  const ambiguous: CallResult = { ok: false, error: { reason: "ambiguous", message: "Called off.", retryable: false } };
  const found: CallResult = { ok: true, value: 1 };
  const refused: CallResult = { ok: false, error: { reason: "not_found", message: "None.", retryable: false } };

  it.each([
    ["a read", crm("read")],
    ["a write that carries its key", crm("write", "Idempotency-Key")],
  ])("leaves %s to the next worker", async (_, of) => {
    const { id, answers } = await stopDuringCall(of, calledOff);
    expect(answers).toEqual([]);
    // It is handed back, so nobody waits for its lease.
    await worker(of, async () => ({ ok: true, value: "done" }))(id, neverStopped);
    expect(await answersOf(id)).toEqual([{ result: { ok: true, value: "done" } }]);
  });

  it.each([
    ["an ambiguous write", crm("write"), ambiguous],
    ["the system's refusal", crm("read"), refused],
    ["a result that still came", crm("read"), found],
  ])("journals %s", async (_, of, result) => {
    expect((await stopDuringCall(of, result)).answers).toEqual([{ result }]);
  });
});
