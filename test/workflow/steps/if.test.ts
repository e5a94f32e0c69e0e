/* oxlint-disable unicorn/no-thenable -- `then` is a key of the file format and always a list */
import { describe, expect, it } from "vitest";
import { cel, type Draft, inner, said, texts, told } from "../build.ts";
import { begin } from "../walked.ts";

describe("if", () => {
  const rich: Draft = {
    kind: "if",
    condition: cel('account.tier == "enterprise"'),
    then: inner([{ kind: "say", text: texts("yes") }]),
    else: inner([{ kind: "say", text: texts("no") }]),
  };
  it.each([
    [
      { account: { tier: "enterprise" } },
      "yes",
      'The condition account.tier == "enterprise" was true, so went on with its steps',
    ],
    [
      { account: { tier: "free" } },
      "no",
      'The condition account.tier == "enterprise" was false, so took the other branch',
    ],
    [{}, "no", 'The condition account.tier == "enterprise" was unknown, so took the other branch'],
  ])("if with %j", (values, words, line) => {
    const result = begin([rich, { kind: "say", text: texts("end") }], {}, values);
    expect(said(result)).toEqual([words, "end"]);
    expect(told(result)).toContain(line);
  });
});
