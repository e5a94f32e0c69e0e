/** A flood of one kind of line is ten lines a minute, and a count of the rest. */
import { expect, test } from "vitest";
import { createSparing } from "../../src/lib/sparing.ts";

test("of many lines of a kind, ten a minute are written; the next one says how many were not", () => {
  let now = 0;
  const spare = createSparing({ clock: () => new Date(now) });
  const written = Array.from({ length: 1_000 }, () => spare("refused")).filter((fields) => fields !== null);
  expect(written).toEqual(Array.from({ length: 10 }, () => ({})));
  expect(spare("something else")).toEqual({});
  now = 60_000;
  expect(spare("refused")).toEqual({ unlogged: 990 });
  expect(spare("refused")).toEqual({});
});

test("however many kinds there are, it remembers few", () => {
  const spare = createSparing({ clock: () => new Date(0) });
  const written = Array.from({ length: 10_000 }, (_, n) => spare(`kind ${n}`)).filter((fields) => fields !== null);
  expect(written).toHaveLength(210);
});
