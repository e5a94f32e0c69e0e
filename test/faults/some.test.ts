import { expect, test } from "vitest";
import { redisOrSkip } from "../support/skips.ts";
import { faultRounds } from "./rounds.ts";

// The same faults every time; `npm run test:faults` runs twenty rounds with random ones.
const SEED = 4;

await redisOrSkip("killed workers, an emptied Redis and a crashed Postgres", () => {
  test("lose nothing, repeat nothing and keep the order", { timeout: 90_000 }, async () => {
    const reports = await faultRounds({ rounds: 1, seed: SEED });
    expect(new Set(reports.flatMap(({ faults }) => faults))).toEqual(new Set(["worker", "redis", "postgres"]));
  });
});
