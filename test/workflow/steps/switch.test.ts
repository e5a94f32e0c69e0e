import { describe, expect, it } from "vitest";
import { cel, type Draft, inner, said } from "../build.ts";
import { begin, say } from "../walked.ts";

describe("switch", () => {
  it.each([
    ["billing", ["b"]],
    ["order", ["o1", "o2"]],
    ["toString", ["else"]],
    [3, ["three"]],
    [null, ["else"]],
  ])("switch on %j", (topic, words) => {
    const cases = { billing: inner([say("b")]), order: inner([say("o1"), say("o2")]), "3": inner([say("three")]) };
    const step: Draft = { kind: "switch", value: cel("topic"), cases, else: inner([say("else")]) };
    expect(said(begin([step], {}, { topic }))).toEqual(words);
  });
});
