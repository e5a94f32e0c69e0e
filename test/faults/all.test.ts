import { expect, test } from "vitest";
import { redisOrSkip } from "../support/skips.ts";
import { startOnBacklog } from "./backlog.ts";
import { pauses } from "./pauses.ts";
import { faultRounds } from "./rounds.ts";
import { printRounds } from "./rounds-report.ts";
import type { Receipts } from "./rounds-world.ts";
import { slackOutage } from "./slack-outage.ts";
import { upgradeUnderTraffic } from "./two-versions.ts";

// FAULT_SEED repeats a run, and with FAULT_ROUNDS=1 one round; the seed of each round is printed.
const seed = Number(process.env["FAULT_SEED"] ?? Date.now() % 1_000_000);
const rounds = Number(process.env["FAULT_ROUNDS"] ?? 12);
const LONGEST_PAUSE_MS = 20_000;
const ROUND_WITHIN_MS = 400_000;
/** In some rounds Twilio's reports come after the parts in doubt were parked. */
const LATE_EVERY = 4;
const receipts = (of: number): Receipts => (of % LATE_EVERY === 0 ? "late" : "soon");

await redisOrSkip(`${rounds} rounds of faults, FAULT_SEED=${seed}`, () => {
  test("lose nothing, repeat nothing and keep the order", { timeout: rounds * ROUND_WITHIN_MS }, async () => {
    const reports = await faultRounds({ rounds, seed, longestPauseMs: LONGEST_PAUSE_MS, receipts });
    printRounds(reports);
    expect(reports).toHaveLength(rounds);
  });
});

await redisOrSkip("the last released build and this one, on one database for a minute", () => {
  test("answer every customer once and in order, and harm nothing of each other", { timeout: 400_000 }, async () => {
    await upgradeUnderTraffic({ customers: 8, rounds: 6, pauseMs: 8_000 });
  });
});

await redisOrSkip("a start on a backlog of 100,000 messages", () => {
  test("answers newcomers meanwhile, and loses, repeats and misorders nothing", { timeout: 2_000_000 }, async () => {
    const report = await startOnBacklog({ conversations: 20_000, texts: 5, newcomers: 20, withinMs: 900_000 });
    console.table([report]);
    expect(report.messages).toBe(100_000);
  });
});

await redisOrSkip("Slack out of reach for two minutes, and a worker killed", () => {
  test("loses nothing, repeats nothing and keeps the order", { timeout: 400_000 }, async () => {
    const report = await slackOutage({ downMs: 120_000, threads: 20, texts: 10 });
    console.table([report]);
    expect(report.messages).toBe(200);
  });
});

await redisOrSkip("PostgreSQL and Redis stand still for twenty seconds each", () => {
  test("nothing is lost or answered twice, and alarms fire", { timeout: 300_000 }, async () => {
    const { wrong, unfired, logged, ...report } = await pauses({ ms: 20_000 });
    console.table([report, logged]);
    expect(wrong).toEqual([]);
    expect(unfired).toBe(0);
  });
});
