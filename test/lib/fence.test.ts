import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createFence, moment } from "../../src/lib/fence.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance", "Date"], now: Date.now() }));
afterEach(() => void vi.useRealTimers());

/** Time that every clock of the machine counts. */
const pass = (ms: number) => vi.advanceTimersByTime(ms);

describe("a fence", () => {
  it("holds until the lease is over, less the margin (E1)", () => {
    const fence = createFence(moment(), { leaseMs: 2_000 });
    pass(1_400);
    expect([fence.holds(0), fence.holds(500), fence.holds(700)]).toEqual([true, true, false]);
    pass(600);
    expect(fence.holds(0)).toBe(false);
    expect(fence.signal.aborted).toBe(true);
  });

  it("counts from before the claim was sent, so that a late answer is void", () => {
    const sent = moment();
    pass(2_100);
    expect(createFence(sent, { leaseMs: 2_000 }).holds(0)).toBe(false);
  });

  it("is extended by a renewal, from before that was sent", () => {
    const fence = createFence(moment(), { leaseMs: 2_000 });
    pass(700);
    const renewed = moment();
    pass(700);
    fence.extend(renewed);
    pass(1_200);
    expect([fence.holds(0), fence.holds(100)]).toEqual([true, false]);
  });

  it("stays lapsed, although a renewal is answered afterwards", () => {
    const fence = createFence(moment(), { leaseMs: 2_000 });
    pass(1_900);
    const renewed = moment();
    pass(200);
    fence.extend(renewed);
    expect(fence.holds(0)).toBe(false);
  });

  it("ends at once when another process took over", () => {
    const fence = createFence(moment(), { leaseMs: 2_000 });
    fence.end();
    expect(fence.holds(0)).toBe(false);
  });

  it("lapses while the machine is suspended, which its monotonic clock does not count", () => {
    const fence = createFence(moment(), { leaseMs: 2_000 });
    vi.setSystemTime(Date.now() + 60_000);
    expect(fence.holds(0)).toBe(false);
  });

  it("lapses in a suspension also after the clock was ahead for a while, and was set right", () => {
    vi.setSystemTime(Date.now() + 3_600_000);
    moment();
    vi.setSystemTime(Date.now() - 3_600_000);
    const fence = createFence(moment(), { leaseMs: 2_000 });
    vi.setSystemTime(Date.now() + 60_000);
    expect(fence.holds(0)).toBe(false);
  });

  it("is not shortened or extended by a clock that is set back", () => {
    const fence = createFence(moment(), { leaseMs: 2_000 });
    vi.setSystemTime(Date.now() - 60_000);
    expect(fence.holds(1_000)).toBe(true);
    pass(2_000);
    expect(fence.holds(0)).toBe(false);
  });
});
