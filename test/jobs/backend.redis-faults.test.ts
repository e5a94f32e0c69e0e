import { expect, test } from "vitest";
import { type LaneProcess, laneProcess } from "../conformance/lanes.ts";
import { ownRedis } from "../support/own-redis.ts";
import { redisOrSkip } from "../support/skips.ts";

/** A worker is not wedged when it works again within a few seconds. */
const recovered = { timeout: 5_000, interval: 10 };

/** Jobs that were under way in a wiped backend may be complained of; that is no change of state. */
function changes(logged: LaneProcess["logged"]): string[] {
  return logged.map(({ msg }) => msg).filter((msg) => msg !== "lane backend reported an error");
}

/** A worker, a process that only wakes, and a backend of their own that works. */
async function ground() {
  const redis = await ownRedis();
  const backend = { kind: "redis", url: redis.url, prefix: "{frontdesk}" } as const;
  const worker = laneProcess(backend);
  const web = laneProcess(backend);
  const seen = new Set<string>();
  worker.lanes.run("turn", async (key) => void seen.add(key), { slots: 2 });
  const reaches = async (key: string) => {
    await expect
      .poll(() => {
        web.lanes.wake("turn", key);
        return seen.has(key);
      }, recovered)
      .toBe(true);
  };
  await reaches("before");
  const dispose = async () => {
    await Promise.all([worker.lanes.close(), web.lanes.close()]);
    await redis.stop();
  };
  return { redis, worker, web, seen, reaches, [Symbol.asyncDispose]: dispose };
}

await redisOrSkip("lanes while Redis is in trouble", () => {
  test("FLUSHALL while a worker waits, and while it works, wedges nothing", async () => {
    await using at = await ground();
    await at.redis.flush();
    await at.reaches("after-idle");
    for (let n = 0; n < 200; n++) at.web.lanes.wake("turn", `during-${n}`);
    await at.redis.flush();
    await at.reaches("after-busy");
  });

  test("connections that are killed come back by themselves", async () => {
    await using at = await ground();
    await at.redis.command("CLIENT KILL TYPE normal");
    await at.reaches("after");
  });

  test("with Redis gone a wake returns at once, this process works on, and one line says so", async () => {
    await using at = await ground();
    await at.redis.kill();
    for (let n = 0; n < 20_000; n++) at.web.lanes.wake("turn", `lost-${n}`);
    await expect
      .poll(() => at.web.woke.filter((how) => how === "failed").length, recovered)
      .toBeGreaterThanOrEqual(20_000);
    at.worker.lanes.wake("turn", "here");
    expect(at.seen.has("here")).toBe(true);
    await expect(at.web.lanes.depth()).rejects.toThrow();

    await at.redis.restart();
    await at.reaches("again");
    for (const { logged } of [at.worker, at.web]) {
      await expect.poll(() => changes(logged), recovered).toEqual(["lane backend went down", "lane backend came back"]);
    }
  });

  test("a Redis that hangs holds nobody up", async () => {
    await using at = await ground();
    await at.redis.command("CLIENT PAUSE 3500 ALL");
    at.web.lanes.wake("turn", "into the hang");
    at.worker.lanes.wake("turn", "here");
    expect(at.seen.has("here")).toBe(true);
    await at.reaches("after");
  });

  test("lanes may be opened before Redis is there, and closed without it", async () => {
    const redis = await ownRedis();
    await redis.kill();
    const backend = { kind: "redis", url: redis.url, prefix: "{frontdesk}" } as const;
    const worker = laneProcess(backend);
    const web = laneProcess(backend);
    const seen: string[] = [];
    worker.lanes.run("turn", async (key) => void seen.push(key), { slots: 1 });
    worker.lanes.wake("turn", "here");
    expect(seen).toEqual(["here"]);
    web.lanes.wake("turn", "lost");
    await expect.poll(() => web.woke, recovered).toEqual(["failed"]);
    await redis.restart();
    await expect
      .poll(() => {
        web.lanes.wake("turn", "found");
        return seen.includes("found");
      }, recovered)
      .toBe(true);
    await redis.kill();
    await Promise.all([worker.lanes.close(), web.lanes.close()]);
  });
});
