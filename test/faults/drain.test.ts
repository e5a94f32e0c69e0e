import { expect, test } from "vitest";
import { ECHO, OUR_NUMBER, SETTLED, startDesk } from "../support/desk.ts";
import { ownRedis } from "../support/own-redis.ts";
import { redisOrSkip } from "../support/skips.ts";
import { startWorkerProcess } from "../support/worker-process.ts";

await redisOrSkip("a worker that is asked to stop", () => {
  test("finishes its running work, leaves the rest to the others, and exits cleanly", { timeout: 60_000 }, async () => {
    await using redis = await ownRedis();
    await using desk = await startDesk({
      files: { "workflows/echo.yaml": ECHO },
      role: "web",
      redis: redis.url,
      prefix: "{frontdesk}",
    });
    await using stopping = await startWorkerProcess(desk.env);
    const customers = Array.from({ length: 20 }, (_, n) => `+155509000${String(n).padStart(2, "0")}`);
    for (const to of customers) desk.twilio.script(to, { kind: "slow", ms: 800 }, { times: 10 });
    const write = (body: string) =>
      Promise.all(customers.map((from) => desk.twilio.text({ from, to: OUR_NUMBER, body })));
    await write("one");
    await desk.until("select count(*) = 20 as ok from outbox where attempted_at is not null");
    const code = stopping.stop();
    await write("two");
    expect(await code).toBe(0);
    // O2: every send that it began has an outcome.
    expect(
      await desk.rows("select outcome, attempts from outbox where attempted_at is not null and outcome is null"),
    ).toEqual([]);
    await using _next = await startWorkerProcess(desk.env);
    await desk.until(SETTLED, { withinMs: 20_000 });
    for (const to of customers)
      expect(desk.twilio.sent(to).map(({ body }) => body)).toEqual(["You said one", "You said two"]);
    expect(await desk.rows("select distinct outcome, attempts from outbox")).toEqual([
      { outcome: "sent", attempts: 1 },
    ]);
    expect(stopping.output()).not.toMatch(/"level":[56]0/);
  });
});
