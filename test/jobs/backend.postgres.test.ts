import { afterAll, describe, expect, test } from "vitest";
import { laneProcess, lanesConformance } from "../conformance/lanes.ts";
import { emptyDatabase } from "../support/services.ts";

const database = await emptyDatabase();
afterAll(() => database.drop());
let worlds = 0;
const fresh = () => ({ kind: "postgres" as const, connectionString: database.url, schema: `bullmq_${worlds++}` });

lanesConformance("postgres", async () => fresh());

describe("postgres: schema", () => {
  test("instances that start at the same time on an empty database create one schema", async () => {
    const backend = fresh();
    const processes = Array.from({ length: 4 }, () => laneProcess(backend));
    const keys = new Set<string>();
    for (const { lanes } of processes.slice(0, 2)) lanes.run("turn", async (key) => void keys.add(key), { slots: 1 });
    for (const [at, { lanes }] of processes.slice(2).entries()) lanes.wake("turn", `conversation-${at}`);
    await expect.poll(() => keys.size, { timeout: 8_000 }).toBe(2);
    expect(processes.flatMap(({ logged }) => logged)).toEqual([]);
    await Promise.all(processes.map(({ lanes }) => lanes.close()));
  });
});
