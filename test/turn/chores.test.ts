import { expect, it } from "vitest";
import { createLogger } from "../../src/lib/logger.ts";
import { type Chore, doChores } from "../../src/turn/chores.ts";

const soon = { timeout: 10_000, interval: 10 };
const HOUR_MS = 3_600_000;

/** Does chores for as long as `work` takes; returns the messages logged. */
async function during(chores: readonly Chore[], work: (mine: { now: boolean }) => Promise<void>): Promise<unknown[]> {
  const logged: unknown[] = [];
  const log = createLogger({ stream: { write: (line: string) => void logged.push(JSON.parse(line)) } });
  const stopping = new AbortController();
  const mine = { now: true };
  const done = doChores(chores, { isMine: () => mine.now, log, signal: stopping.signal });
  await work(mine);
  stopping.abort();
  await done;
  return logged.map((line) => (line as { chore?: string }).chore);
}

it("a round goes on in pieces until there is no more, and a chore that fails holds up no other", async () => {
  const did: string[] = [];
  const pieces: Chore = {
    name: "pieces",
    everyMs: HOUR_MS,
    run: async () => ({ more: did.push("piece") < 3 }),
  };
  let fails = 0;
  const faulty: Chore = {
    name: "faulty",
    everyMs: 0,
    run: async () => {
      fails++;
      throw new Error("no");
    },
  };
  const logged = await during([faulty, pieces], async () => {
    await expect.poll(() => did.length, soon).toBe(3);
    await expect.poll(() => fails, soon).toBeGreaterThanOrEqual(3);
  });
  expect(did).toHaveLength(3);
  expect(logged).toEqual(["faulty"]);
});

it("chores rest while another process sweeps", async () => {
  const runs = { resting: 0, other: 0 };
  const counting = (name: keyof typeof runs): Chore => ({
    name,
    everyMs: 0,
    run: async () => ({ more: ++runs[name] < 0 }),
  });
  await during([counting("resting")], async (mine) => {
    await expect.poll(() => runs.resting, soon).toBe(1);
    mine.now = false;
    await during([counting("other")], async () => {
      await expect.poll(() => runs.other, soon).toBe(1);
      const before = runs.resting;
      await expect.poll(() => runs.other, soon).toBe(3);
      expect(runs.resting).toBe(before);
    });
  });
});
