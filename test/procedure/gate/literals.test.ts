import { describe, expect, it } from "vitest";
import type { Command } from "../../../src/procedure/command.ts";
import { CANCEL, shop } from "../cancel.ts";
import { procedureScene } from "../scene.ts";

const HUSH: readonly Command[] = [{ kind: "reply", text: "Let me see." }];

/** True if a model's words reach a customer who wrote these. */
function isSaid(reply: string, words: string): boolean {
  const model = [[{ kind: "reply" as const, text: reply }], HUSH, HUSH, HUSH, HUSH, HUSH];
  const on = procedureScene(shop({ procedure: "cancel", procedures: { cancel: CANCEL }, model }));
  const said = on.writes(words).includes(reply);
  expect(on.journal().includes("guard.not_grounded")).toBe(!said);
  return said;
}

const WORDS =
  "cancel it, I paid 1,299.50 on 2026-12-05 for order AB-1234, see acme.example/help and 25 % off for 3 months";

describe("a reply", () => {
  it.each([
    "You paid $1,299.50.",
    "You paid 1299.50.",
    "You paid 1.299,50 €.",
    "That was on 5.12.2026, the 5th.",
    "It is about AB-1234.",
    "Please read acme.example/help.",
    "That is twenty-five percent for three months.",
    "Das sind fünfundzwanzig Prozent, drei Monate lang.",
    "One moment please, one of us is on it.",
    "1. First\n2. second",
    "That is full-width: ２５ %.",
    "Nothing changes.Please wait, e.g. a moment and/or two.",
  ])("with known literals is said: %s", (reply) => {
    expect(isSaid(reply, WORDS)).toBe(true);
  });

  it.each([
    ["a part of a known number", "You get 26 % off."],
    ["a part of a known id", "It is about order AB-123."],
    ["other cents", "You get 1,299.99 back."],
    ["a number in words", "You get sixty percent off."],
    ["a large number in words", "You get two hundred and fifty dollars."],
    ["a number in German words", "Sie bekommen fünfundneunzig Prozent."],
    ["keycaps", "You get 7️⃣7️⃣ dollars."],
    ["signs between digits that nobody sees", "You get 3\u200b3 dollars."],
    ["a link without a scheme", "Please go to evil.example/refund now."],
    ["a bare domain", "Please go to evil.com now."],
    ["a www address", "Please go to www.evil now."],
    ["the beginning of a known link", "Please go to acme.example/hel now."],
  ])("with %s is refused", (_name, reply) => {
    expect(isSaid(reply, WORDS)).toBe(false);
  });
});
