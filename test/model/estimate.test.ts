import { expect, it } from "vitest";
import { costOf, estimateUsage } from "../../src/model/estimate.ts";

const PRICE = { input: 2, cached: 0.5, output: 8 };

it.each([
  [{ input: 1_000_000, cached: 0, output: 0 }, 2],
  [{ input: 1_000_000, cached: 1_000_000, output: 0 }, 0.5],
  [{ input: 1_000_000, cached: 400_000, output: 250_000 }, 1.2 + 0.2 + 2],
])("%j costs %d dollars", (usage, cost) => {
  expect(costOf(PRICE, usage)).toBeCloseTo(cost, 12);
  expect(costOf(null, usage)).toBeNull();
});

it("an estimate counts bytes, so that other scripts do not come out too cheap", () => {
  const ascii = estimateUsage({ text: "x".repeat(300) }, 50);
  const chinese = estimateUsage({ text: "语".repeat(300) }, 50);
  expect(ascii).toEqual({ input: Math.ceil(311 / 3), cached: 0, output: 50 });
  expect(chinese.input).toBeGreaterThanOrEqual(300);
});
