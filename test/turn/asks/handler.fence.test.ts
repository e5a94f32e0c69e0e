/** Claims that lapse: their effects don't leave, and nothing is said of them that is not so (E1, E2). */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { CallResult } from "../../../src/domain/call.ts";
import { PROCESS_NUMBER } from "../../../src/lib/process-number.ts";
import { type Bench, openBench } from "../store.ts";
import { askScene, crm, made, neverStopped, slowed, until } from "./scene.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

const { rows, ask, worker, answersOf, outcome, endLease } = askScene(() => bench);

const claimByPrevious = (id: string) =>
  rows(
    "update ask set lease_until = now() + interval '2 seconds', attempted_at = now(), attempts = attempts + 1 where id = $1",
    id,
  );
const heldBack: CallResult = { ok: false, error: { reason: "timeout", message: "Held back.", retryable: true } };
const leaseIsOver = (id: string) => async () =>
  (await rows<{ over: boolean }>("select lease_until < now() as over from ask where id = $1", id))[0]?.over === true;

it("a write whose claim came back after its lease is not made; another process makes it once", async () => {
  const { id } = await ask();
  const by: string[] = [];
  const other = worker(crm("write"), async () => (by.push("the other"), made));
  const late = slowed(bench.open(), "claim_ask", async () => {
    await until(leaseIsOver(id));
    // To others it may be in flight, so none says that its outcome is unknown.
    await other(id, neverStopped);
    expect(await answersOf(id)).toEqual([]);
  });
  await worker(crm("write"), async () => (by.push("the late one"), made), { db: late })(id, neverStopped);
  expect(await rows("select attempts, attempted_at, lease_until from ask where id = $1", id)).toEqual([
    { attempts: 0, attempted_at: null, lease_until: null },
  ]);
  await other(id, neverStopped);
  expect(by).toEqual(["the other"]);
  expect(await answersOf(id)).toEqual([{ result: made }]);
});

it("a write that did not leave, since its process stood still, is made by another", async () => {
  const { id } = await ask();
  const stalled = worker(crm("write"), async ({ mayLeave }) => {
    expect(mayLeave()).toBe(true);
    // Renewals fail from here on, as they do while a process stands still.
    await rows("update ask set claimed_by = 0 where id = $1", id);
    await until(() => !mayLeave());
    await rows("update ask set claimed_by = $2 where id = $1", id, PROCESS_NUMBER);
    return heldBack;
  });
  await stalled(id, neverStopped);
  expect(await answersOf(id)).toEqual([]);
  await worker(crm("write"), async () => made)(id, neverStopped);
  expect(await answersOf(id)).toEqual([{ result: made }]);
});

it("a read is aborted when its claim lapses; a write that has left is not, since only its answer tells what came of it", async () => {
  const aborted = new Set<string>();
  const lapse = async (name: string, of: Parameters<typeof crm>, ends: (signal: AbortSignal) => boolean) => {
    const { id } = await ask();
    await worker(crm(...of), async ({ signal, mayLeave }) => {
      await rows("update ask set claimed_by = 0 where id = $1", id);
      await until(() => !mayLeave() && ends(signal));
      if (signal.aborted) aborted.add(name);
      return made;
    })(id, neverStopped);
    expect(await answersOf(id)).toEqual([{ result: made }]);
  };
  await Promise.all([
    lapse("read", ["read"], (signal) => signal.aborted),
    lapse("keyed write", ["write", "Idempotency-Key"], (signal) => signal.aborted),
    lapse("write", ["write"], () => aborted.size === 2),
  ]);
  expect([...aborted].sort()).toEqual(["keyed write", "read"]);
});

it("an answer that comes after another process gave the ask up changes nothing (T5)", async () => {
  const { id } = await ask();
  await worker(crm("write"), async () => {
    await rows("update ask set lease_until = now() - interval '1 second', in_flight_until = null where id = $1", id);
    await worker(crm("write"), async () => made)(id, neverStopped);
    return made;
  })(id, neverStopped);
  expect(await answersOf(id)).toMatchObject([{ result: { ok: false, error: { reason: "ambiguous" } } }]);
  expect(await outcome(id)).toBe("unknown");
});

it("a process whose clock is an hour off takes nothing over early, and holds nothing for longer", async () => {
  const { id } = await ask();
  const now = Date.now;
  Date.now = () => now() - 3_600_000;
  try {
    await worker(crm("read"), async () => {
      await worker(crm("read"), async () => ({ ok: true, value: "twice" }))(id, neverStopped);
      return made;
    })(id, neverStopped);
  } finally {
    Date.now = now;
  }
  expect(await answersOf(id)).toEqual([{ result: made }]);
});

it("the previous build's claim is respected, and what it left is taken over (two versions)", async () => {
  for (const [kind, result] of [
    ["read", made],
    ["write", { ok: false, error: { reason: "ambiguous" } }],
  ] as const) {
    const { id } = await ask();
    await claimByPrevious(id);
    const run = worker(crm(kind), async () => made);
    await run(id, neverStopped);
    expect(await answersOf(id)).toEqual([]);
    await endLease(id);
    await run(id, neverStopped);
    expect(await answersOf(id)).toMatchObject([{ result }]);
  }
});
