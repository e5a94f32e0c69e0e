import { expect, test } from "vitest";
import { slugOf } from "../../src/procedure/slug.ts";

/** As GitHub makes them of these headings. */
test.each([
  ["Look up the plan", "look-up-the-plan"],
  ["Aside: refunds", "aside-refunds"],
  ["What's next?", "whats-next"],
  ["Preise & Größen", "preise--größen"],
  ["A  b", "a--b"],
  ["snake_case-and-dash", "snake_case-and-dash"],
  ["日本語 の 見出し", "日本語-の-見出し"],
  ["🎉 Done", "-done"],
  ["...", ""],
])("%j is #%s", (heading, slug) => expect(slugOf(heading)).toBe(slug));
