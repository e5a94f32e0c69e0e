import { expect, test } from "vitest";
import { growth } from "./growth.ts";
import { SHAPES, type Shape } from "./shapes.ts";
import { DOORS, type Door } from "./table.ts";

/** Doors with long or slow input are tested with every fifth shape only; shorter doors cover the others. */
const LONG = 100_000;

function shapesFor({ limit, lengthOnly, slow }: Door): readonly Shape[] {
  if (lengthOnly === true) return SHAPES.slice(0, 1);
  return limit < LONG && slow !== true ? SHAPES : SHAPES.filter((_, at) => at % 5 === 0);
}

test.each(DOORS)(
  "$name: twice the input takes at most twice the time, up to $limit characters ($by)",
  (door) => {
    const found = shapesFor(door).map((shape) => growth(door.run, shape, door.limit));
    expect(found.filter((one) => one !== null)).toEqual([]);
  },
  120_000,
);

const quadratic = (text: string): number => {
  let same = 0;
  for (let a = 0; a < text.length; a++) for (let b = 0; b < text.length; b++) if (text[a] === text[b]) same++;
  return same;
};

// Retries, because other programs may disturb a measurement.
test("a quadratic reader is detected", { retry: 4, timeout: 120_000 }, () => {
  expect(SHAPES.slice(0, 1).map((shape) => growth(quadratic, shape, 8_000))).toEqual([
    expect.stringContaining("8000 characters"),
  ]);
});
