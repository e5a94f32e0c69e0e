import { expect, it } from "vitest";
import { MAX_MARKS, toNormalForm } from "../../src/domain/normal-form.ts";

it.each(["", "Grüße", "e\u0301a\u0323\u0301", "각", "ﬁ", "a".repeat(100), `a${"\u0301\u0323".repeat(MAX_MARKS / 2)}`])(
  "a text with letters of up to 30 marks is in the form that Unicode gives it: %j",
  (text) => {
    for (const form of ["NFC", "NFD", "NFKC", "NFKD"] as const)
      expect(toNormalForm(text, form)).toBe(text.normalize(form));
  },
);

it("more than 30 marks on a letter are split by joiners, and none is lost", () => {
  const marks = "\u0301\u0323".repeat(50);
  const formed = toNormalForm(`a${marks}`, "NFD");
  expect(formed.replaceAll("\u034f", "")).toHaveLength(101);
  expect(Math.max(...formed.split("\u034f").map((run) => run.length))).toBeLessThanOrEqual(MAX_MARKS + 1);
});
