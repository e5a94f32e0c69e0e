import { describe, expect, it } from "vitest";
import { type PartChange, readChannelPart, storedPartChange } from "../../src/adapter/part.ts";

describe("the content of an outbox row", () => {
  it.each<PartChange>([
    { kind: "answered", promptId: "p1", chosen: "An invoice" },
    { kind: "edited", ref: "w1", text: "new", trusted: true },
    { kind: "hint", to: "dana", text: "Only Bob was asked." },
  ])("of a change is read back as it was: %j", (change) => {
    expect(readChannelPart(JSON.parse(JSON.stringify(storedPartChange(change))))).toEqual(change);
  });

  it("of a part is the part", () => {
    expect(readChannelPart({ text: "hi", promptId: "p1" })).toEqual({
      kind: "part",
      part: { text: "hi", promptId: "p1" },
    });
  });

  it("of a hint of an older build is a hint", () => {
    expect(readChannelPart({ hint: "Not you.", to: "bob" })).toEqual({ kind: "hint", to: "bob", text: "Not you." });
  });

  it.each([
    [null, "no object"],
    [5, "no object"],
    [{}, "without a text"],
    [{ text: null }, "without a text"],
    [{ change: "weird" }, "unknown kind “weird”"],
  ])("that can't be read says why: %j", (content, why) => {
    expect(() => readChannelPart(content)).toThrow(why);
  });
});
