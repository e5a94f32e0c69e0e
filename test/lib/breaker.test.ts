import { expect, it } from "vitest";
import { createBreaker } from "../../src/lib/breaker.ts";

it("pauses a system after failures in a row, then admits one trial at a time", () => {
  const breaker = createBreaker({ maxFailures: 2, pauseMs: 100 });
  breaker.record("crm", false, 0);
  breaker.record("crm", true, 0);
  breaker.record("crm", false, 0);
  expect([breaker.pauses("crm", 1), breaker.admits("crm", 1)]).toEqual([false, true]);
  breaker.record("crm", false, 10);
  expect([breaker.pauses("crm", 109), breaker.admits("crm", 109), breaker.admits("other", 109)]).toEqual([
    true,
    false,
    true,
  ]);
  expect([breaker.pauses("crm", 110), breaker.admits("crm", 110)]).toEqual([false, true]);
  expect([breaker.pauses("crm", 111), breaker.admits("crm", 111)]).toEqual([true, false]);
  breaker.record("crm", true, 120);
  expect(breaker.admits("crm", 121)).toBe(true);
});
