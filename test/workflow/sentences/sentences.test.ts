import { expect, it } from "vitest";
import { englishSentences } from "../../../src/workflow/sentences/english.ts";
import { germanSentences } from "../../../src/workflow/sentences/german.ts";
import { sentencesFor } from "../../../src/workflow/sentences/sentences.ts";

it.each([
  ["of the first language that is spoken", ["fr", "de", "en"], germanSentences],
  ["of a language, whatever its region", ["de-AT"], germanSentences],
  ["in English where none is spoken", ["fr"], englishSentences],
  ["in English where no language is known", [], englishSentences],
])("speaks %s", (_, languages, expected) => {
  expect(sentencesFor(languages)).toBe(expected);
});

it("has every sentence in every language, and none twice for two things", () => {
  for (const table of [englishSentences, germanSentences]) {
    const texts = Object.values(table).filter((text) => typeof text === "string");
    expect(texts.every((text) => text.trim() !== "")).toBe(true);
    expect(new Set(texts).size).toBe(texts.length);
  }
});
