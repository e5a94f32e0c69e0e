import { describe, expect, test } from "vitest";
import { type LaneProcess, laneProcess } from "../conformance/lanes.ts";
import { ownPostgres } from "../support/own-postgres.ts";

const recovered = { timeout: 6_000, interval: 10 };

/** Jobs that were under way in a wiped backend may be complained of; that is no change of state. */
function changes(logged: LaneProcess["logged"]): string[] {
  return logged.map(({ msg }) => msg).filter((msg) => msg !== "lane backend reported an error");
}

/** A worker, a process that only wakes, and a backend of their own that works. */
async function ground() {
  const postgres = await ownPostgres();
  const backend = { kind: "postgres", connectionString: postgres.url, schema: "bullmq" } as const;
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
    await postgres[Symbol.asyncDispose]();
  };
  return { postgres, worker, web, seen, reaches, [Symbol.asyncDispose]: dispose };
}

describe("lanes while PostgreSQL is in trouble", () => {
  test("connections that are cut come back by themselves", async () => {
    await using at = await ground();
    await at.postgres.disconnectClients();
    await at.reaches("after");
  });

  test("with the server gone a wake returns at once, this process works on, and one line says so", async () => {
    await using at = await ground();
    await at.postgres.kill();
    for (let n = 0; n < 20_000; n++) at.web.lanes.wake("turn", `lost-${n}`);
    await expect
      .poll(() => at.web.woke.filter((how) => how === "failed").length, recovered)
      .toBeGreaterThanOrEqual(20_000);
    at.worker.lanes.wake("turn", "here");
    expect(at.seen.has("here")).toBe(true);

    await at.postgres.restart();
    await at.reaches("again");
    for (const { logged } of [at.worker, at.web]) {
      await expect.poll(() => changes(logged), recovered).toEqual(["lane backend went down", "lane backend came back"]);
    }
  });

  test("lanes may be opened before the server is there", async () => {
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
