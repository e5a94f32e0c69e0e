import { expect, test } from "vitest";
import { redisOrSkip } from "../support/skips.ts";
import { slackOutage } from "./slack-outage.ts";

// `npm run test:faults` runs two minutes.
await redisOrSkip("Slack out of reach for three seconds, and a worker killed", () => {
  test("loses nothing, repeats nothing and keeps the order", { timeout: 120_000 }, async () => {
    const { messages, recoveredMs } = await slackOutage({ downMs: 3_000, threads: 6, texts: 4 });
    expect(messages).toBe(24);
    console.log(`slack was back; ${messages} messages had arrived after ${(recoveredMs / 1_000).toFixed(1)} s`);
  });
});
