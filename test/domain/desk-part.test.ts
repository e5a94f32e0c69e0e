import { describe, expect, it } from "vitest";
import { type DeskPart, isDeskContent, readCard, readDeskPart, storedDeskPart } from "../../src/domain/desk-part.ts";

const file = { id: 5, name: "a.png", mediaType: "image/png", bytes: 400, token: "t0k3n" };

describe("a stored part for the desk", () => {
  it.each<DeskPart>([
    { kind: "mark", ref: "w1", message: null, question: "on_hold" },
    { kind: "file", file, author: "Dana", from: "customer" },
    { kind: "hint", operator: "alex", text: "Claim it first." },
    { kind: "transcript", since: null, until: { message: 7, at: "2026-11-20T10:00:00.000Z" }, of: 3 },
  ])("is read back as it was: %j", (part) => {
    const stored = JSON.parse(JSON.stringify(storedDeskPart(part)));
    expect(isDeskContent(stored)).toBe(true);
    expect(readDeskPart(stored)).toEqual(part);
  });

  it.each([
    [
      { desk: "mark", ref: "w1", says: "Not sent yet.", question: "held" },
      { kind: "mark", ref: "w1", message: "Not sent yet.", question: "on_hold" },
    ],
    [
      { desk: "file", file, author: "Dana", kind: "reply" },
      { kind: "file", file, author: "Dana", from: "reply" },
    ],
    [
      { desk: "card", card: { queue: "billing", because: "They asked" } },
      { kind: "card", card: { queue: "billing", reason: "They asked" } },
    ],
  ])("of an older build is read with today's names: %j", (stored, part) => {
    expect(readDeskPart(stored)).toEqual(part);
  });

  it.each([
    [{ desk: "weird" }, "unknown kind “weird”"],
    [{ desk: "card", card: null }, "not an object"],
  ])("that can't be read says why: %j", (stored, why) => {
    expect(() => readDeskPart(stored)).toThrow(why);
  });

  it("is told from what goes to a customer", () => {
    expect([{ text: "hi" }, null, "desk", { change: "edited" }].map(isDeskContent)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

it("A card with today's names is read as it is", () => {
  expect(readCard({ queue: "billing", reason: "They asked" })).toEqual({ queue: "billing", reason: "They asked" });
});
