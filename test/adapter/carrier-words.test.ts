import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { carrierWord } from "../../src/adapter/carrier-words.ts";

type Expected = "opt_out" | "opt_in" | "help" | "message";

/** Written by somebody who had not seen the rule. */
const TABLE = JSON.parse(readFileSync(new URL("./carrier-words.json", import.meta.url), "utf8")) as {
  text: string;
  expected: Expected;
  why: string;
}[];

const said = (text: string): Expected => carrierWord(text) ?? "message";

describe("a message is a carrier's word only where the word stands alone", () => {
  it.each(TABLE.map(({ text, expected, why }) => [text, expected, why] as const))("%j: %s (%s)", (text, expected) => {
    expect(said(text)).toBe(expected);
  });

  it.each<[text: string, expected: Expected]>([
    ["YES", "opt_in"],
    ["yes!", "opt_in"],
    ["yes please", "message"],
    ["opt out", "opt_out"],
    ["Opt-out.", "opt_out"],
    ["stop all", "opt_out"],
    ["STOP 🙏", "opt_out"],
    ["STOP ⛔️", "opt_out"],
    ["stop ❤️", "opt_out"],
    ["STOP‼️", "opt_out"],
    ["st\u00ADop", "opt_out"],
    ["\u200BSTOP\uFEFF", "opt_out"],
    ["e\u0301nd", "message"],
    ["\u2068STOP\u2069", "opt_out"],
    ["1 STOP", "message"],
    ["STOP 1", "message"],
    ["", "message"],
    ["!!!", "message"],
    [`${"!".repeat(40_000)}stop`, "message"],
  ])("%j: %s", (text, expected) => {
    expect(said(text)).toBe(expected);
  });
});
