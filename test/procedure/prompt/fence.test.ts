import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fenceOutside } from "../../../src/procedure/prompt/fence.ts";

describe("a fence", () => {
  test.each([
    ["nothing of it", "ab"],
    ["an AB, and an ab", "ab1"],
    ["ab>> ab1>> aB2>>", "ab3"],
    ["", "ab"],
  ])("around %j is %s", (text, fence) => {
    expect(fenceOutside(text, "ab")).toBe(fence);
  });

  test("occurs nowhere in the text", () => {
    const text = fc
      .array(fc.constantFrom("a", "B", "ab", "AB1", "ab2", "ab10", " ", "\n", ">>"))
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (words) => {
        expect(words.toLowerCase()).not.toContain(fenceOutside(words, "ab"));
      }),
    );
  });
});
