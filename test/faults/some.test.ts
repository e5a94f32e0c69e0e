import { expect, test } from "vitest";
import { redisOrSkip } from "../support/skips.ts";
import { faultRounds } from "./rounds.ts";

// The same faults every time; `npm run test:faults` runs more rounds, with random ones and longer pauses.
const SEED = 4;
const FAULTS = ["worker killed", "paused", "redis", "postgres", "connections", "transaction"] as const;

await redisOrSkip("killed and frozen processes, an emptied Redis and a crashed Postgres", () => {
  test("lose nothing, repeat nothing and keep the order", { timeout: 240_000 }, async () => {
    const reports = await faultRounds({ rounds: 1, seed: SEED, faults: FAULTS, longestPauseMs: 4_000 });
    expect(new Set(reports.flatMap(({ faults }) => faults))).toEqual(new Set(FAULTS));
  });
});
