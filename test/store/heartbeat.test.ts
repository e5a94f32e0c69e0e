import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Fence, moment } from "../../src/lib/fence.ts";
import { type Claimed, startHeartbeat } from "../../src/store/heartbeat.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const LEASE_MS = 2_000;

/** Holds part 7 by its second attempt, over renewals that answer as `renew` does. */
async function hold(renew: (claims: readonly Claimed<number>[]) => Promise<readonly Claimed<number>[]>) {
  const heartbeat = startHeartbeat<number>({ leaseMs: LEASE_MS, renew });
  const done = new AbortController();
  let fence: Fence | undefined;
  const work = heartbeat.during({ id: 7, attempt: 2, since: moment() }, (its) => {
    fence = its;
    return once(done.signal, "abort");
  });
  if (fence === undefined) throw new Error("The work did not begin");
  return { fence, end: () => (done.abort(), work) };
}

describe("a heartbeat", () => {
  it("keeps a claim for as long as the database says that it is ours", async () => {
    const { fence, end } = await hold(async (claims) => claims);
    await vi.advanceTimersByTimeAsync(5 * LEASE_MS);
    expect(fence.holds(1_000)).toBe(true);
    expect(fence.signal.aborted).toBe(false);
    await end();
  });

  it("aborts the work when another process has claimed the row since (E1)", async () => {
    const { fence, end } = await hold(async () => [{ id: 7, attempt: 3 }]);
    await vi.advanceTimersByTimeAsync(LEASE_MS / 2);
    expect(fence.signal.aborted).toBe(true);
    await end();
  });

  it.each([
    ["fail", () => Promise.reject(new Error("The database is away"))],
    ["are not answered", () => new Promise<never>(() => undefined)],
  ])("aborts the work when renewals %s for a lease", async (_, renew) => {
    const { fence, end } = await hold(renew);
    await vi.advanceTimersByTimeAsync(LEASE_MS / 2);
    expect(fence.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(LEASE_MS);
    expect(fence.signal.aborted).toBe(true);
    await end();
  });

  it("sends nothing while there is no work", async () => {
    let renewals = 0;
    const { end } = await hold(async (claims) => (renewals++, claims));
    await end();
    await vi.advanceTimersByTimeAsync(5 * LEASE_MS);
    expect(renewals).toBe(0);
  });
});
