import { expect, it } from "vitest";
import { english } from "../../../src/workflow/sentences/english.ts";
import { german } from "../../../src/workflow/sentences/german.ts";
import { sentencesFor } from "../../../src/workflow/sentences/sentences.ts";

it.each([
  ["of the first language that is spoken", ["fr", "de", "en"], german],
  ["of a language, whatever its region", ["de-AT"], german],
  ["in English where none is spoken", ["fr"], english],
  ["in English where no language is known", [], english],
])("speaks %s", (_, languages, expected) => {
  expect(sentencesFor(languages)).toBe(expected);
});

it("has every sentence in every language, and none twice for two things", () => {
  for (const table of [english, german]) {
    const texts = Object.values(table).filter((text) => typeof text === "string");
    expect(texts.every((text) => text.trim() !== "")).toBe(true);
    expect(new Set(texts).size).toBe(texts.length);
  }
});
