import { expect, it } from "vitest";
import { createWakeBackoff } from "../../src/turn/wake-backoff.ts";

const SECOND = 1_000;

/** Sweeps once a second for a while; `sick` waits at every one. Answers with the seconds in which it was woken. */
function wokenAt(seconds: number): number[] {
  const backoff = createWakeBackoff<string>();
  const woken: number[] = [];
  for (let second = 0; second < seconds; second++) {
    const found = backoff.paused(second * SECOND).includes("sick") ? [] : ["sick"];
    backoff.recordWakes(found, second * SECOND);
    if (found.length > 0) woken.push(second);
  }
  return woken;
}

it("What waits is woken at every sweep at first, then less and less often, but for ever", () => {
  expect(wokenAt(30)).toEqual([0, 1, 2, 3, 5, 9, 17]);
  const late = wokenAt(1_000).slice(-3);
  expect((late[2] ?? 0) - (late[1] ?? 0)).toBe(60);
});

it("Whoever was helped begins anew", () => {
  const backoff = createWakeBackoff<string>();
  for (let second = 0; second < 4; second++) backoff.recordWakes(["sick"], second * SECOND);
  expect(backoff.paused(4 * SECOND)).toEqual(["sick"]);
  backoff.recordWakes([], 6 * SECOND);
  backoff.recordWakes(["sick"], 7 * SECOND);
  expect(backoff.paused(7 * SECOND)).toEqual([]);
});
