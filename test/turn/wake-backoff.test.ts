import { expect, it } from "vitest";
import { createWakeBackoff } from "../../src/turn/wake-backoff.ts";

const SECOND = 1_000;

/** Sweeps once a second; `sick` waits at every sweep. Returns the seconds in which it was woken. */
function wakeSeconds(seconds: number): number[] {
  const backoff = createWakeBackoff<string>();
  const woken: number[] = [];
  for (let second = 0; second < seconds; second++) {
    const found = backoff.paused(second * SECOND).includes("sick") ? [] : ["sick"];
    backoff.recordWakes(found, second * SECOND);
    if (found.length > 0) woken.push(second);
  }
  return woken;
}

it("waiting work is woken at every sweep at first, then less and less often, but always again", () => {
  expect(wakeSeconds(30)).toEqual([0, 1, 2, 3, 5, 9, 17]);
  const late = wakeSeconds(1_000).slice(-3);
  expect((late[2] ?? 0) - (late[1] ?? 0)).toBe(60);
});

it("work that stopped waiting starts without a pause again", () => {
  const backoff = createWakeBackoff<string>();
  for (let second = 0; second < 4; second++) backoff.recordWakes(["sick"], second * SECOND);
  expect(backoff.paused(4 * SECOND)).toEqual(["sick"]);
  backoff.recordWakes([], 6 * SECOND);
  backoff.recordWakes(["sick"], 7 * SECOND);
  expect(backoff.paused(7 * SECOND)).toEqual([]);
});
