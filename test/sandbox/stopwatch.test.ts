import { expect, it } from "vitest";
import { startStopwatch } from "../../src/sandbox/stopwatch.ts";

it.each([
  ["as long as the limit", 250, 250, false],
  ["longer", 251, 251, true],
  ["a machine that is busy with other things, or stood still", 20_000, 10, false],
  ["other threads of the process at work", 10, 1_000, false],
])("%s: over is %4$s", (_, passed, processor, over) => {
  let now = { passed: 1_000, processor: 5 };
  const watch = startStopwatch(250, { passed: () => now.passed, processor: () => now.processor });
  now = { passed: 1_000 + passed, processor: 5 + processor };
  expect(watch.over()).toBe(false);
  expect([watch.read(), watch.over()]).toEqual([over, over]);
});
