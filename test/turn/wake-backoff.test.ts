import { expect, it } from "vitest";
import { createWakeBackoff } from "../../src/turn/wake-backoff.ts";

const SECOND = 1_000;

/** Sweeps once a second; "sick" waits at every sweep. Returns the seconds in which it was woken. */
function wakeSeconds(seconds: number): number[] {
  const backoff = createWakeBackoff();
  return Array.from({ length: seconds }, (_, second) => second).filter((second) =>
    backoff.mayWake("sick", second * SECOND),
  );
}

it("waiting work is woken at every sweep at first, then less and less often, but always again", () => {
  expect(wakeSeconds(30)).toEqual([0, 1, 2, 3, 5, 9, 17]);
  const late = wakeSeconds(1_000).slice(-3);
  expect((late[2] ?? 0) - (late[1] ?? 0)).toBe(60);
});

it("work that made a step starts without a pause again", () => {
  const backoff = createWakeBackoff();
  for (let second = 0; second < 4; second++) backoff.mayWake("part 1", second * SECOND);
  expect(backoff.mayWake("part 1", 4 * SECOND)).toBe(false);
  expect(backoff.mayWake("part 2", 4 * SECOND)).toBe(true);
});

it("work that was not found for long is forgotten", () => {
  const backoff = createWakeBackoff();
  for (let second = 0; second < 4; second++) backoff.mayWake("sick", second * SECOND);
  backoff.mayWake("another", 1_000 * SECOND);
  const again = [1_001, 1_002, 1_003].map((second) => backoff.mayWake("sick", second * SECOND));
  expect(again).toEqual([true, true, true]);
});

it("what is remembered is bounded: further work is woken whenever it is found", () => {
  const backoff = createWakeBackoff({ entriesMax: 1 });
  const woken = Array.from({ length: 10 }, (_, second) =>
    ["known", "further"].filter((head) => backoff.mayWake(head, second * SECOND)),
  ).flat();
  expect(woken.filter((head) => head === "known")).toHaveLength(6);
  expect(woken.filter((head) => head === "further")).toHaveLength(10);
});
