import { expect, it } from "vitest";
import type { Template } from "../../src/language/expression.ts";
import { textFor } from "../../src/language/text-for.ts";

const texts = (...languages: string[]) =>
  Object.fromEntries(languages.map((one) => [one, { source: one } as unknown as Template]));

it.each([
  [["en", "de"], ["de-AT", "en"], "de"],
  [["en", "de-AT", "de"], ["de-AT"], "de-AT"],
  [["de", ""], ["fr"], ""],
  [["de", "en"], ["fr"], "de"],
  [[""], ["constructor"], ""],
])("of %j for a customer who speaks %j, %s is chosen", (has, speaks, chosen) => {
  expect(textFor(texts(...has), speaks)?.source).toBe(chosen);
});

it("is none where there is none", () => expect(textFor({}, ["en"])).toBeUndefined());
