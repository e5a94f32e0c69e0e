import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { Choice, ShownPrompt } from "../../../src/adapter/choice.ts";
import { choose } from "../../../src/adapter/choose/choose.ts";
import { distance } from "../../../src/adapter/choose/distance.ts";
import { type NumberedOption, PERSON_OPTION } from "../../../src/domain/option.ts";
import { cpuMs } from "../../support/cpu-time.ts";

const PERSON: NumberedOption = { n: 0, id: PERSON_OPTION, label: "Talk to a person", aliases: [] };
const menu = (labels: readonly string[], languages = ["en", "de"]): ShownPrompt => ({
  id: "p1",
  languages,
  options: [...labels.map((label, at) => ({ n: at + 1, id: label, label, aliases: [] })), PERSON],
});
const read = (text: string, labels: readonly string[]): Choice => choose(text, menu(labels));
/** The chosen option, else the named ones, else the reason for neither. */
const said = (choice: Choice): string | readonly string[] => {
  if (choice.option !== null) return choice.option;
  return choice.why === "opposites" ? choice.candidates : choice.why;
};

const HELP = ["I am in again", "It did not help"];
const LOGIN = ["I can log in", "I cannot log in"];
const SHIP = ["With delivery", "Without delivery"];
const KONTO = ["Ich habe ein Konto", "Ich habe kein Konto"];

/** A word with one typing error in it. */
const slipped = (word: string, { kind, at, letter }: { kind: string; at: number; letter: string }): string => {
  const place = at % Math.max(1, word.length);
  const [before, here, after] = [word.slice(0, place), word.charAt(place), word.slice(place + 1)];
  if (kind === "drop") return before + after;
  if (kind === "put") return before + letter + here + after;
  return kind === "change" ? before + letter + after : before + after.charAt(0) + here + after.slice(1);
};

/** Only what is compared of a label. */
const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}]+/gu, "");

/** Milliseconds that 200 readings of a text take, at best. */
const time = (text: string) => {
  const twoHundred = () => {
    for (let run = 0; run < 200; run++) read(text, [...SHIP, ...LOGIN, ...KONTO]);
  };
  return Math.min(...[1, 2, 3, 4, 5].map(() => cpuMs(twoHundred)));
};

describe("an answer that may mean the contrary of an option", () => {
  it.each<[string, readonly string[]]>([
    ["yes it did, thanks!", HELP],
    ["it did", HELP],
    ["yes it helped", HELP],
    ["it dd help", HELP],
    ["it did now help", HELP],
    ["withot delivery", SHIP],
    ["witho delivery", SHIP],
    ["witht delivery", SHIP],
    ["no delivery", SHIP],
    ["not without delivery", SHIP],
    ["❌ delivery", SHIP],
    ["i canot log in", LOGIN],
    ["i cann log in", LOGIN],
    ["I can", LOGIN],
    ["really can not log in", LOGIN],
    ["ich habe ken konto", KONTO],
    ["ich habe kien Konto", KONTO],
    ["ich hab en konto", KONTO],
    ["turn of", ["Turn on", "Turn off"]],
    ["turn onn", ["Turn on", "Turn off"]],
    ["licht au", ["Licht an", "Licht aus"]],
    ["nict kündigen", ["Kündigen", "Nicht kündigen"]],
    ["ohn Lieferung", ["Mit Lieferung", "Ohne Lieferung"]],
    ["ammelden", ["Anmelden", "Abmelden"]],
    ["usubscribe", ["Subscribe", "Unsubscribe"]],
    ["yes no", ["Yes", "No"]],
    ["no, yes", ["Yes", "No"]],
    ["ja nein", ["Ja", "Nein"]],
  ])("%j is none of %j, and both are named", (text, labels) => {
    expect(said(read(text, labels))).toEqual(labels);
  });

  it("names the two contraries of a longer list, in their order, and no person", () => {
    const labels = ["Billing", "With delivery", "Something else", "Without delivery"];
    expect(said(read("withot delivery", labels))).toEqual(["With delivery", "Without delivery"]);
  });

  it("names the only other answer, unless that stands for all the rest", () => {
    expect(said(read("yes it did", ["It worked", "It did not help", "Something else"]))).toEqual([
      "It worked",
      "It did not help",
    ]);
    expect(said(read("i canot log in", ["I can log in", "Something else"]))).toBe("free_text");
    expect(said(read("yes it did", ["It did not help", "Other"]))).toBe("free_text");
  });

  it("is asked about where its number says one thing and its words another", () => {
    expect(said(read("1 withot delivery", SHIP))).toEqual(SHIP);
    expect(said(read("1 without delivery", SHIP))).toBe("number_and_label_disagree");
    expect(said(read("2 without delivery", SHIP))).toBe("Without delivery");
  });
});

describe("an answer that is certain", () => {
  it.each<[string, readonly string[], string]>([
    ["It did not help", HELP, "It did not help"],
    ["it didn't help", HELP, "It did not help"],
    ["didnt help", HELP, "It did not help"],
    ["did n't help", HELP, "It did not help"],
    ["It didn´t help", HELP, "It did not help"],
    ["no, it did not help", HELP, "It did not help"],
    ["yes it did not help", HELP, "It did not help"],
    ["it did not hlep", HELP, "It did not help"],
    ["it did not", HELP, "It did not help"],
    ["I can't log in", LOGIN, "I cannot log in"],
    ["i can not log in", LOGIN, "I cannot log in"],
    ["cant log in", LOGIN, "I cannot log in"],
    ["i can log in now", LOGIN, "I can log in"],
    ["w/o delivery", SHIP, "Without delivery"],
    ["without deliverry", SHIP, "Without delivery"],
    ["with", SHIP, "With delivery"],
    ["wth delivery", SHIP, "With delivery"],
    ["nich kündigen", ["Kündigen", "Nicht kündigen"], "Nicht kündigen"],
    ["kuendigen", ["Kündigen", "Nicht kündigen"], "Kündigen"],
    ["ich hab kein konto", KONTO, "Ich habe kein Konto"],
    ["activat", ["Activate", "Deactivate"], "Activate"],
    ["it workss", ["It works", "It does not work"], "It works"],
    ["nope", ["Yes", "No"], "No"],
    ["yeah", ["Yes", "No"], "Yes"],
    ["👍🏽", ["Yes", "No"], "Yes"],
    ["👎", ["Ja", "Nein"], "Nein"],
    ["cancel order", ["❌ Cancel order", "Keep it"], "❌ Cancel order"],
    ["❌ cancel order", ["❌ Cancel order", "Keep it"], "❌ Cancel order"],
  ])("%j of %j is %j", (text, labels, expected) => {
    expect(said(read(text, labels))).toBe(expected);
  });

  it.each(["2", "two", "option 2", "the second one"])("by its number stays so: %j", (text) => {
    for (const labels of [HELP, LOGIN, SHIP, KONTO]) expect(said(read(text, labels))).toBe(labels[1]);
  });
});

describe("a near-miss of an option that has no contrary in the list", () => {
  it.each([
    ["turn on", ["Turn off", "Billing", "Something else"]],
    ["licht an", ["Licht aus", "Rechnung", "Etwas anderes"]],
    ["i canot log in", ["I can log in", "Billing", "Delivery"]],
    ["usubscribe", ["Subscribe", "Billing", "Delivery"]],
    ["i can", ["I cannot log in", "Billing", "Delivery"]],
    ["I am nat home", ["I am now home", "Billing", "Delivery"]],
  ])("is not taken for it where it may mean the contrary: %j of %j", (text, labels) => {
    expect(read(text, labels).option).toBeNull();
  });
});

describe("where only some options were shown last", () => {
  const shown: ShownPrompt = { ...menu(["A plan", "Billing", "Cars", "Dogs", "Else"]), named: ["Billing", "Else"] };

  it.each([
    ["2", "Billing"],
    ["5", "Else"],
    ["the last one", "Else"],
    ["the first one", "Billing"],
    ["Dogs", "Dogs"],
    ["4", "Dogs"],
    ["the second one", "ambiguous_label"],
  ])("%j is %s: numbers stay, and places are those of what was shown", (text, expected) => {
    expect(said(choose(text, shown))).toBe(expected);
  });
});

describe("the table of negated answers", () => {
  const Row = z.strictObject({
    options: z.array(z.strictObject({ id: z.string(), label: z.string(), aliases: z.array(z.string()).optional() })),
    text: z.string(),
    languages: z.array(z.string()),
    acceptable: z.array(z.string().nullable()),
    never: z.array(z.string()),
    why: z.string(),
  });
  const rows = z.array(Row).parse(JSON.parse(readFileSync(new URL("negated-answers.json", import.meta.url), "utf8")));

  it.each(rows.map((row) => [row.text, row.options.map(({ label }) => label).join(" | "), row] as const))(
    "reads %j of %s",
    (_text, _labels, { options, text, languages, acceptable, never }) => {
      const numbered = options.map(({ id, label, aliases = [] }, at) => {
        return { n: id === PERSON_OPTION ? 0 : at + 1, id, label, aliases };
      });
      const { option } = choose(text, { id: "p1", languages, options: numbered });
      expect(never).not.toContain(option);
      expect(acceptable).toContain(option);
    },
  );
});

describe("a negation that is misspelled", () => {
  const PAIRS: readonly (readonly [string, string, string])[] = [
    ["I can log in", "I cannot log in", "cannot"],
    ["I can log in", "I can't log in", "can't"],
    ["It did help", "It did not help", "not"],
    ["I am at home", "I am not at home", "not"],
    ["I have an account", "I have no account", "no"],
    ["I have an account", "I don't have an account", "don't"],
    ["With delivery", "Without delivery", "Without"],
    ["I always pay", "I never pay", "never"],
    ["Subscribe", "Unsubscribe", "Unsubscribe"],
    ["Turn on", "Turn off", "off"],
    ["Ich habe ein Konto", "Ich habe kein Konto", "kein"],
    ["Ich habe eine Nummer", "Ich habe keine Nummer", "keine"],
    ["Kündigen", "Nicht kündigen", "Nicht"],
    ["Mit Lieferung", "Ohne Lieferung", "Ohne"],
    ["Das Paket ist da", "Das Paket ist nicht da", "nicht"],
    ["Licht an", "Licht aus", "aus"],
    ["Anmelden", "Abmelden", "Abmelden"],
  ];
  const slip = fc.record({
    kind: fc.constantFrom("drop", "put", "change", "swap"),
    at: fc.nat(12),
    letter: fc.constantFrom(...Array.from("abcdefghiklmnoprstuwk")),
  });

  it.each(PAIRS)("never means %j where %j was meant", (positive, negative, negation) => {
    fc.assert(
      fc.property(fc.array(slip, { minLength: 1, maxLength: 2 }), fc.boolean(), (slips, listed) => {
        const text = negative.replace(negation, slips.reduce(slipped, negation));
        fc.pre(distance(slips.reduce(slipped, negation), negation, 2) <= 2);
        // Spelled exactly like the other label, nothing can tell what was meant.
        fc.pre(plain(text) !== plain(positive));
        // Of two slips where the contrary is no option, nothing but the label is left.
        const labels = listed || slips.length > 1 ? [positive, negative] : [positive, "Billing", "Something else"];
        expect(read(text, labels).option).not.toBe(positive);
      }),
      { numRuns: 300 },
    );
  });

  it("takes no more than twice the time for twice the text", () => {
    const words = "withot i canot nicht delivery ken konto ".repeat(5).slice(0, 190);
    time(words);
    // Twice the time, and as much again for a busy machine.
    expect(time(words + words)).toBeLessThan(4 * time(words) + 5);
  });
});
