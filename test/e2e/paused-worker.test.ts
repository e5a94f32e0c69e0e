/** A worker that stands still for some seconds (a paused machine, a throttled container), then goes on. */
import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { ECHO, OUR_NUMBER, SETTLED, startDesk } from "../support/desk.ts";
import { ownRedis } from "../support/own-redis.ts";
import { redisOrSkip } from "../support/skips.ts";
import { startSlackDesk } from "../support/slack-desk.ts";
import { startWorkerProcess, type WorkerProcess } from "../support/worker-process.ts";

/** Longer than a lease, so that the others may take over what the worker has claimed. */
const STANDS_STILL_MS = 4_500;
const LINES = Array.from({ length: 8 }, (_, n) => `line ${n}`);
const MANY = `
id: many
title: Many
status: live
channels: [slack]
on: [conversation.opened, message.received]
steps: [${LINES.map((line) => `{ say: ${line} }`).join(", ")}]
`;

/** Two workers; the second stands still at first, so that the other takes all the work. */
async function twoWorkers(env: Readonly<Record<string, string>>): Promise<[WorkerProcess, WorkerProcess]> {
  const both = await Promise.all([startWorkerProcess(env), startWorkerProcess(env)]);
  both[1].freeze();
  return both;
}

async function standStill(worker: WorkerProcess): Promise<void> {
  worker.freeze();
  await pause(STANDS_STILL_MS);
  worker.thaw();
}

await redisOrSkip("a worker that stands still", () => {
  // E1: its claims lapsed meanwhile, so it posts none of them when it goes on.
  it.concurrent("while a post waits for Slack's pace posts nothing twice or out of order", {
    timeout: 150_000,
  }, async () => {
    await using redis = await ownRedis();
    await using at = await startSlackDesk({
      roles: ["web"],
      files: { "workflows/many.yaml": MANY },
      slack: { paced: false },
      services: { redis: redis.url, prefix: "{frontdesk}" },
    });
    const { desk, slack } = at;
    const [at1, at2] = await twoWorkers(desk.env);
    await using _one = at1;
    await using _two = at2;
    await slack.post(at.dana, slack.dm(at.dana), "hello");
    // The burst is used up: every other post waits a second for its turn.
    await desk.until("select count(*) >= 4 as ok from outbox where outcome = 'sent' and channel = 'slack'", {
      withinMs: 40_000,
    });
    await desk.until("select count(*) = 1 as ok from outbox where outcome is null and attempted_at is not null");
    at2.thaw();
    await standStill(at1);
    await desk.until(SETTLED, { withinMs: 45_000 });
    const lines = slack.messages(slack.dm(at.dana)).filter(({ bot_id }) => bot_id !== undefined);
    expect(lines.map(({ text }) => text)).toEqual(LINES);
  });

  // E2: the requests may still be in flight, so nobody takes them over before their answers are read.
  it.concurrent("while Twilio answers reads the answers then, and nobody is sent to people", {
    timeout: 150_000,
  }, async () => {
    await using redis = await ownRedis();
    await using desk = await startDesk({
      files: { "workflows/echo.yaml": ECHO },
      role: "web",
      redis: redis.url,
      prefix: "{frontdesk}",
    });
    const [at1, at2] = await twoWorkers(desk.env);
    await using _one = at1;
    await using _two = at2;
    const customers = Array.from({ length: 20 }, (_, n) => `+155509000${String(n).padStart(2, "0")}`);
    for (const to of customers) desk.twilio.script(to, { kind: "slow", ms: 2_500 });
    await Promise.all(customers.map((from) => desk.twilio.text({ from, to: OUR_NUMBER, body: "hi" })));
    // The worker that stands still may have been given one of them just before.
    await expect.poll(() => desk.twilio.sent().length, { timeout: 10_000 }).toBeGreaterThan(customers.length / 2);
    at2.thaw();
    await standStill(at1);
    await desk.until(SETTLED, { withinMs: 30_000 });
    expect(customers.map((to) => desk.twilio.sent(to).length)).toEqual(customers.map(() => 1));
    expect(await desk.rows("select distinct outcome from outbox")).toEqual([{ outcome: "sent" }]);
    expect(await desk.rows('select 1 from "case"')).toEqual([]);
  });
});
