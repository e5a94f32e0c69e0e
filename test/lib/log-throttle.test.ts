/** A flood of one kind of line is logged as ten lines a minute and a count of the rest. */
import { expect, test } from "vitest";
import { createLogThrottle } from "../../src/lib/log-throttle.ts";

test("writes ten lines of a kind per minute; the next one counts those left out", () => {
  let now = 0;
  const throttle = createLogThrottle({ clock: () => new Date(now) });
  const written = Array.from({ length: 1_000 }, () => throttle("refused")).filter((fields) => fields !== null);
  expect(written).toEqual(Array.from({ length: 10 }, () => ({})));
  expect(throttle("something else")).toEqual({});
  now = 60_000;
  expect(throttle("refused")).toEqual({ unlogged: 990 });
  expect(throttle("refused")).toEqual({});
});

test("keeps few kinds, however many there are", () => {
  const throttle = createLogThrottle({ clock: () => new Date(0) });
  const written = Array.from({ length: 10_000 }, (_, n) => throttle(`kind ${n}`)).filter((fields) => fields !== null);
  expect(written).toHaveLength(210);
});
