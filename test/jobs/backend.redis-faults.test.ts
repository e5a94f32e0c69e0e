import { expect, test } from "vitest";
import { type LaneProcess, laneProcess } from "../conformance/lanes.ts";
import { ownRedis } from "../support/own-redis.ts";
import { redisOrSkip } from "../support/skips.ts";

/** Time within which a worker has to recover. */
const recovered = { timeout: 5_000, interval: 10 };

/** Logged changes of health; errors about running jobs of a wiped backend are no change. */
function changes(logged: LaneProcess["logged"]): string[] {
  return logged.map(({ msg }) => msg).filter((msg) => msg !== "lane backend reported an error");
}

/** A worker and a process that only wakes, over their own backend. */
async function startProcesses() {
  const redis = await ownRedis();
  const backend = { kind: "redis", url: redis.url, prefix: "{frontdesk}" } as const;
  const worker = laneProcess(backend);
  const web = laneProcess(backend);
  const seen = new Set<string>();
  worker.lanes.run("turn", async (key) => void seen.add(key), { slots: 2 });
  const expectRun = async (key: string) => {
    await expect
      .poll(() => {
        web.lanes.wake("turn", key);
        return seen.has(key);
      }, recovered)
      .toBe(true);
  };
  await expectRun("before");
  const dispose = async () => {
    await Promise.all([worker.lanes.close(), web.lanes.close()]);
    await redis.stop();
  };
  return { redis, worker, web, seen, expectRun, [Symbol.asyncDispose]: dispose };
}

await redisOrSkip("lanes over a failing Redis", () => {
  test("FLUSHALL while a worker waits, and while it works, blocks nothing", async () => {
    await using at = await startProcesses();
    await at.redis.flush();
    await at.expectRun("after-idle");
    for (let n = 0; n < 200; n++) at.web.lanes.wake("turn", `during-${n}`);
    await at.redis.flush();
    await at.expectRun("after-busy");
  });

  test("killed connections are reconnected", async () => {
    await using at = await startProcesses();
    await at.redis.command("CLIENT KILL TYPE normal");
    await at.expectRun("after");
  });

  test("without Redis a wake returns at once, this process continues, and one line is logged", async () => {
    await using at = await startProcesses();
    await at.redis.kill();
    for (let n = 0; n < 20_000; n++) at.web.lanes.wake("turn", `lost-${n}`);
    await expect
      .poll(() => at.web.woke.filter((how) => how === "failed").length, recovered)
      .toBeGreaterThanOrEqual(20_000);
    at.worker.lanes.wake("turn", "here");
    expect(at.seen.has("here")).toBe(true);
    await expect(at.web.lanes.depth()).rejects.toThrow();

    // A Redis that is back before a process asked it was never down for that one.
    for (const { logged } of [at.worker, at.web])
      await expect.poll(() => changes(logged), recovered).toEqual(["lane backend went down"]);
    await at.redis.restart();
    await at.expectRun("again");
    for (const { logged } of [at.worker, at.web]) {
      await expect.poll(() => changes(logged), recovered).toEqual(["lane backend went down", "lane backend came back"]);
    }
  });

  test("a Redis that hangs blocks no wake", async () => {
    await using at = await startProcesses();
    await at.redis.command("CLIENT PAUSE 3500 ALL");
    at.web.lanes.wake("turn", "into the hang");
    at.worker.lanes.wake("turn", "here");
    expect(at.seen.has("here")).toBe(true);
    await at.expectRun("after");
  });

  test("a Redis that is full refuses wakes; this process continues, one line is logged, and wakes go on after", async () => {
    await using at = await startProcesses();
    await at.redis.command("CONFIG SET maxmemory 1");
    for (let n = 0; n < 30; n++) {
      at.web.lanes.wake("turn", `refused-${n}`);
      // A wake from before may be refused too.
      await expect
        .poll(() => at.web.woke.filter((how) => how === "failed").length, recovered)
        .toBeGreaterThanOrEqual(n + 1);
    }
    at.worker.lanes.wake("turn", "here");
    expect(at.seen.has("here")).toBe(true);
    await at.redis.command("CONFIG SET maxmemory 0");
    await at.expectRun("after");
    expect(at.web.logged.map(({ msg }) => msg)).toEqual(["lane backend reported an error"]);
  });

  test("lanes can be opened before Redis is up, and closed without it", async () => {
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
