import { expect, test } from "vitest";
import { redisOrSkip } from "../support/skips.ts";
import { pauses } from "./pauses.ts";

// `npm run test:faults` pauses for twenty seconds.
await redisOrSkip("PostgreSQL and Redis stand still for three seconds each", () => {
  test("nothing is lost or answered twice, and alarms fire", { timeout: 120_000 }, async () => {
    const { acknowledged, wrong, unfired, logged } = await pauses({ ms: 3_000 });
    expect(acknowledged).toBeGreaterThan(10);
    expect(wrong).toEqual([]);
    expect(unfired).toBe(0);
    // A trouble is logged once, not at every sweep.
    expect(logged["sweep failed"] ?? 0).toBeLessThanOrEqual(2);
  });
});
