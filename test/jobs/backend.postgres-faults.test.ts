import { describe, expect, test } from "vitest";
import { type LaneProcess, laneProcess } from "../conformance/lanes.ts";
import { ownPostgres } from "../support/own-postgres.ts";

const recovered = { timeout: 6_000, interval: 10 };

/** Logged changes of health; errors about running jobs of a wiped backend are no change. */
function changes(logged: LaneProcess["logged"]): string[] {
  return logged.map(({ msg }) => msg).filter((msg) => msg !== "lane backend reported an error");
}

/** A worker and a process that only wakes, over their own backend. */
async function startProcesses() {
  const postgres = await ownPostgres();
  const backend = { kind: "postgres", connectionString: postgres.url, schema: "bullmq" } as const;
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
    await postgres[Symbol.asyncDispose]();
  };
  return { postgres, worker, web, seen, expectRun, [Symbol.asyncDispose]: dispose };
}

describe("lanes over a failing PostgreSQL", () => {
  test("reconnect after their connections are cut", async () => {
    await using at = await startProcesses();
    await at.postgres.disconnectClients();
    await at.expectRun("after");
  });

  test("without the server a wake returns at once, this process continues, and one line is logged", async () => {
    await using at = await startProcesses();
    await at.postgres.kill();
    for (let n = 0; n < 20_000; n++) at.web.lanes.wake("turn", `lost-${n}`);
    await expect
      .poll(() => at.web.woke.filter((how) => how === "failed").length, recovered)
      .toBeGreaterThanOrEqual(20_000);
    at.worker.lanes.wake("turn", "here");
    expect(at.seen.has("here")).toBe(true);

    await at.postgres.restart();
    await at.expectRun("again");
    for (const { logged } of [at.worker, at.web]) {
      await expect.poll(() => changes(logged), recovered).toEqual(["lane backend went down", "lane backend came back"]);
    }
  });

  test("can be opened before the server is up", async () => {
    await using postgres = await ownPostgres();
    await postgres.stop();
    const backend = { kind: "postgres", connectionString: postgres.url, schema: "bullmq" } as const;
    const worker = laneProcess(backend);
    const web = laneProcess(backend);
    const seen: string[] = [];
    worker.lanes.run("turn", async (key) => void seen.push(key), { slots: 1 });
    web.lanes.wake("turn", "lost");
    await expect.poll(() => web.woke, recovered).toEqual(["failed"]);
    await postgres.restart();
    await expect
      .poll(() => {
        web.lanes.wake("turn", "found");
        return seen.includes("found");
      }, recovered)
      .toBe(true);
    await Promise.all([worker.lanes.close(), web.lanes.close()]);
  });
});
