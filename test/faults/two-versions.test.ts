import { test } from "vitest";
import { redisOrSkip } from "../support/skips.ts";
import { upgradeUnderTraffic } from "./two-versions.ts";

// `npm run test:faults` runs a minute of it.
await redisOrSkip("the last released build and this one, on one database", () => {
  test("answer every customer once and in order, and harm nothing of each other", { timeout: 120_000 }, async () => {
    await upgradeUnderTraffic({ customers: 4, rounds: 1 });
  });
});
