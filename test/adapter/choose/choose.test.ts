import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Choice, ShownPrompt } from "../../../src/adapter/choice.ts";
import { choose } from "../../../src/adapter/choose/choose.ts";
import { distance } from "../../../src/adapter/choose/distance.ts";
import { type NumberedOption, PERSON_OPTION } from "../../../src/domain/option.ts";

const option = (n: number, label: string, more: Partial<NumberedOption> = {}): NumberedOption => ({
  n,
  id: label.toLowerCase(),
  label,
  aliases: [],
  ...more,
});
const prompt = (options: NumberedOption[], languages = ["en"]): ShownPrompt => ({ id: "p1", options, languages });
const PERSON = option(0, "Talk to a person", { id: PERSON_OPTION });

const MENU = prompt([
  option(1, "Billing", { aliases: ["invoice", "invoices"] }),
  option(2, "Delivery"),
  option(3, "Something else"),
  PERSON,
]);
const MENUE = prompt(
  [
    option(1, "Rechnung"),
    option(2, "Lieferung", { aliases: ["Paket"] }),
    option(3, "Rückgabe"),
    option(4, "Größe ändern"),
    option(0, "Mit einem Menschen sprechen", { id: PERSON_OPTION }),
  ],
  ["de", "en"],
);

const RESERVED = { reservedWords: ["stop", "cancel", "end", "help", "yes"] };
const said = (choice: Choice): string => (choice.option === null ? choice.why : `${choice.option} by ${choice.via}`);

describe("choose, in English", () => {
  it.each([
    // The fixtures of the channel specification.
    ["1", "billing by number"],
    ["1.", "billing by number"],
    [" 1) ", "billing by number"],
    ["(1)", "billing by number"],
    ["#1", "billing by number"],
    ["option 2", "delivery by number"],
    ["Option two", "delivery by word"],
    ["two", "delivery by word"],
    ["2️⃣", "delivery by number"],
    ["②", "delivery by number"],
    ["２", "delivery by number"],
    ["٢", "delivery by number"],
    ["२", "delivery by number"],
    ["二", "delivery by word"],
    ["the second one", "delivery by word"],
    ["2nd", "delivery by number"],
    ["2 - Delivery", "delivery by number"],
    ["delivery", "delivery by label"],
    ["delivry", "delivery by near_miss"],
    ["DELIVERY!!", "delivery by label"],
    ["0", "person by number"],
    ["agent", "person by word"],
    ["12", "out_of_range"],
    ["1 and 2", "several_numbers"],
    ["1.5", "free_text"],
    ["2 days", "free_text"],
    ["no. 3", "something else by number"],
    [":two:", "delivery by number"],
    ["", "empty"],
    ["1\n\nSent from my iPhone", "billing by number"],
    // Numbers, however they are dressed.
    ["1!", "billing by number"],
    ["[2]", "delivery by number"],
    ["2.)", "delivery by number"],
    ["2?", "delivery by number"],
    ["*2*", "delivery by number"],
    ["“2”", "delivery by number"],
    ["'2'", "delivery by number"],
    ["02", "delivery by number"],
    ["\u202a2\u202c", "delivery by number"],
    ["\u200b2\u00a0", "delivery by number"],
    ["2\0", "delivery by number"],
    ["²", "delivery by number"],
    ["₂", "delivery by number"],
    ["⑵", "delivery by number"],
    ["⒉", "delivery by number"],
    ["❷", "delivery by number"],
    ["➋", "delivery by number"],
    ["⓶", "delivery by number"],
    ["𝟚", "delivery by number"],
    ["២", "delivery by number"],
    ["߂", "delivery by number"],
    ["第二", "delivery by word"],
    ["№ 2", "delivery by number"],
    ["No 2", "delivery by number"],
    ["n° 2", "delivery by number"],
    ["nº2", "delivery by number"],
    ["option2", "delivery by number"],
    ["Option #2", "delivery by number"],
    ["option: 2", "delivery by number"],
    ["the number 2", "delivery by number"],
    ["option number two", "delivery by word"],
    ["press 1", "billing by number"],
    ["number one", "billing by word"],
    ["2 👍", "delivery by number"],
    ["👉🏽 2", "delivery by number"],
    ["2 :)", "delivery by number"],
    [":keycap_ten:", "out_of_range"],
    ["🔟", "out_of_range"],
    ["⓿", "person by number"],
    ["2 2", "delivery by number"],
    ["2\n2", "delivery by number"],
    ["one or one", "billing by number"],
    // Words for them.
    ["TWO", "delivery by word"],
    ["second", "delivery by word"],
    ["The Third Option.", "something else by word"],
    ["1st", "billing by number"],
    ["the 2nd one", "delivery by number"],
    ["last", "something else by word"],
    ["the last one", "something else by word"],
    ["zero", "person by word"],
    ["I'll take two", "delivery by word"],
    ["I choose option 2", "delivery by number"],
    ["Hi, 2 please, thanks!", "delivery by number"],
    ["ok 2", "delivery by number"],
    // Labels.
    ["2) Delivery", "delivery by number"],
    ["2 delivery", "delivery by number"],
    ["2: delivry", "delivery by number"],
    ["2 del", "free_text"],
    ["2 deli", "delivery by number"],
    ["option 2 delivery", "delivery by number"],
    ["two - delivery", "delivery by word"],
    ["the delivery, please", "delivery by label"],
    ["Delivery?", "delivery by label"],
    ["d e l i v e r y", "delivery by label"],
    ["Délivery", "delivery by label"],
    ["invoices", "billing by label"],
    ["some", "something else by label"],
    ["Somthing els", "something else by near_miss"],
    ["blling", "billing by near_miss"],
    ["ibllng", "free_text"],
    ["bililng", "billing by near_miss"],
    ["represenative", "person by near_miss"],
    ["human please", "person by word"],
    ["I want to talk to a human", "person by word"],
    ["can I speak to someone?", "person by word"],
    ["talk to a person", "person by label"],
    ["Operator!", "person by word"],
    // No choices.
    ["2 days ago", "free_text"],
    ["10:30", "free_text"],
    ["+1 555 0100", "free_text"],
    ["+1", "free_text"],
    ["-1", "free_text"],
    ["½", "free_text"],
    ["1½", "free_text"],
    ["2,5", "free_text"],
    ["2,2", "free_text"],
    ["2 %", "free_text"],
    ["$2", "free_text"],
    ["2€", "free_text"],
    ["2x", "free_text"],
    ["I have 2 problems", "free_text"],
    ["one question", "free_text"],
    ["just a second", "free_text"],
    ["no one", "free_text"],
    ["the one", "free_text"],
    ["first delivery", "free_text"],
    ["4711", "free_text"],
    ["order 123", "free_text"],
    ["24/7", "free_text"],
    ["12-25", "free_text"],
    ["someone", "free_text"],
    ["del", "free_text"],
    ["???", "free_text"],
    ["👍", "free_text"],
    ["thanks", "free_text"],
    ["Liked “1) Billing”", "free_text"],
    ["Sent from my iPhone", "free_text"],
    ["  \n\u200b ", "empty"],
    ["7", "out_of_range"],
    ["option 100", "out_of_range"],
    ["twenty", "out_of_range"],
    ["the ninth", "out_of_range"],
    // Too many choices.
    ["1/2", "several_numbers"],
    ["1 or 2", "several_numbers"],
    ["1, 2 & 3", "several_numbers"],
    ["1+2", "several_numbers"],
    ["1-2", "several_numbers"],
    ["1) and 2)", "several_numbers"],
    ["one and the third", "several_numbers"],
    ["1 and 7", "several_numbers"],
    ["①②", "several_numbers"],
    ["1²", "several_numbers"],
    ["2 billing", "number_and_label_disagree"],
    ["1 - delivry", "number_and_label_disagree"],
  ])("reads %j as %s", (text, expected) => {
    expect(said(choose(text, MENU, RESERVED))).toBe(expected);
  });

  it.each(["STOP", " Stop. ", "cancel", "YES", "stop\n\nSent from my iPhone", "ｓｔｏｐ"])(
    "leaves the reserved word %j to the carrier, even where it is a label",
    (text) => {
      const menu = prompt([option(1, "Cancel"), option(2, "Stop"), option(3, "Yes")]);
      expect(said(choose(text, menu, RESERVED))).toBe("reserved_word");
      expect(said(choose(text, null, RESERVED))).toBe("reserved_word");
    },
  );

  it("reads a sentence that contains a reserved word as what it is", () => {
    expect(said(choose("Stop by the store tomorrow?", MENU, RESERVED))).toBe("free_text");
  });

  it.each(["1", "Billing", "", "x".repeat(5_000)])("finds no choice in %j where nothing was asked", (text) => {
    expect(said(choose(text, null))).toBe("no_prompt");
  });

  it.each(["0", "null"])("has no person to offer where the prompt offers none: %j", (text) => {
    expect(said(choose(text, prompt([option(1, "Billing")], ["en", "de"])))).toBe("out_of_range");
    expect(said(choose("agent", prompt([option(1, "Billing")])))).toBe("free_text");
  });

  it("takes numbers as they were shown, not as positions", () => {
    const shrunk = prompt([option(2, "Delivery"), option(4, "Returns")]);
    expect(said(choose("4", shrunk))).toBe("returns by number");
    expect(said(choose("1", shrunk))).toBe("out_of_range");
    expect(said(choose("last", shrunk))).toBe("returns by word");
  });

  it("reads only digits and labels where it knows no word of the language", () => {
    const menu = prompt([option(1, "Facture"), option(2, "Livraison")], ["fr"]);
    expect(said(choose("2", menu))).toBe("livraison by number");
    expect(said(choose("livraisn", menu))).toBe("livraison by near_miss");
    expect(said(choose("two", menu))).toBe("free_text");
  });
});

describe("choose, in German", () => {
  it.each([
    ["2", "lieferung by number"],
    ["zwei", "lieferung by word"],
    ["zwo", "lieferung by word"],
    ["Zweite", "lieferung by word"],
    ["das zweite", "lieferung by word"],
    ["die zweite Möglichkeit", "lieferung by word"],
    ["den Zweiten bitte", "lieferung by word"],
    ["zweitens", "lieferung by word"],
    ["2te", "lieferung by number"],
    ["1ste", "rechnung by number"],
    ["die 2", "lieferung by number"],
    ["Die Zwei!", "lieferung by word"],
    ["Nummer 2", "lieferung by number"],
    ["Nr. 2", "lieferung by number"],
    ["Nr.2", "lieferung by number"],
    ["Nummer zwei", "lieferung by word"],
    ["Option zwei", "lieferung by word"],
    ["Ich nehme die 2", "lieferung by number"],
    ["ich wähle die dritte", "rückgabe by word"],
    ["letzte", "größe ändern by word"],
    ["das Letzte", "größe ändern by word"],
    ["eins", "rechnung by word"],
    ["null", "person by word"],
    ["fünf", "out_of_range"],
    ["fuenf", "out_of_range"],
    ["funf", "out_of_range"],
    ["2 bitte, danke", "lieferung by number"],
    ["2 - Lieferung", "lieferung by number"],
    ["Rueckgabe", "rückgabe by label"],
    ["ruckgabe", "rückgabe by label"],
    ["RÜCKGABE", "rückgabe by label"],
    ["Ru\u0308ckgabe", "rückgabe by label"],
    ["groesse aendern", "größe ändern by label"],
    ["Grösse ändern", "größe ändern by label"],
    ["die Lieferung", "lieferung by label"],
    ["Paket", "lieferung by label"],
    ["liefrung", "lieferung by near_miss"],
    ["rech", "rechnung by label"],
    ["Mensch", "person by word"],
    ["Mitarbeiter", "person by word"],
    ["mit einem Mitarbeiter sprechen", "person by word"],
    ["Ich möchte mit jemandem sprechen", "person by word"],
    ["Mitarbieter", "person by near_miss"],
    ["1 und 2", "several_numbers"],
    ["eins oder zwei", "several_numbers"],
    ["1\nVon meinem iPhone gesendet", "rechnung by number"],
    ["1\n-- \nMax Muster\nMusterstrasse 2", "rechnung by number"],
    ["vor 2 Tagen", "free_text"],
    ["2 Tage", "free_text"],
    ["um 10:30 Uhr", "free_text"],
    ["Ich habe 2 Probleme", "free_text"],
    ["eine Frage", "free_text"],
    ["Noten", "free_text"],
    ["acht Tage", "free_text"],
    ["1 Lieferung", "number_and_label_disagree"],
  ])("reads %j as %s", (text, expected) => {
    expect(said(choose(text, MENUE))).toBe(expected);
  });
});

describe("choose, where a mistake would be costly", () => {
  const shop = prompt([
    option(1, "Delete my account", { destructive: true, aliases: ["erase everything"] }),
    option(2, "Order status"),
    option(3, "Order change"),
  ]);

  it.each([
    ["1", "delete my account by number"],
    ["delete my account", "delete my account by label"],
    ["1 delete", "delete my account by number"],
    ["delete my acount", "free_text"],
    ["delete", "free_text"],
    ["erase everithing", "free_text"],
    ["order", "ambiguous_label"],
    ["order s", "order status by label"],
  ])("reads %j as %s: a destructive option is chosen by its number or its whole label only", (text, expected) => {
    expect(said(choose(text, shop))).toBe(expected);
  });

  it.each([
    ["deactivate account", ["Activate account", "Other"]],
    ["unsubscribe", ["Subscribe", "Other"]],
    ["I can't log in", ["I can log in", "Other"]],
    ["plan 30", ["Plan 20", "Other"]],
    ["kein Paket da", ["Ein Paket da", "Other"]],
    ["bil", ["Bill", "Other"]],
    ["bull", ["Bill", "Other"]],
  ])("does not take %j for the nearest label", (text, labels) => {
    expect(
      said(
        choose(
          text,
          prompt(
            labels.map((label, at) => option(at + 1, label)),
            ["en", "de"],
          ),
        ),
      ),
    ).toBe("free_text");
  });

  it.each([
    ["plan c", ["Plan A", "Plan B"], "ambiguous_label"],
    ["size", ["Size?", "Size!"], "ambiguous_label"],
    ["c++", ["C++", "C#"], "c++ by label"],
    ["c", ["C++", "C#"], "ambiguous_label"],
    ["2", ["4", "2", "6"], "2 by number"],
    ["2", ["2", "4"], "number_and_label_disagree"],
    ["24", ["24", "48"], "24 by label"],
    ["one", ["Two", "One"], "number_and_label_disagree"],
    ["yes please", ["Yes", "No"], "yes by label"],
    ["no thanks", ["Yes", "No"], "no by label"],
  ])("reads %j with the options %j as %s", (text, labels, expected) => {
    expect(said(choose(text, prompt(labels.map((label, at) => option(at + 1, label)))))).toBe(expected);
  });
});

describe("choose, for any text", () => {
  const anyText = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.string({ unit: "grapheme", maxLength: 60 }),
    fc
      .array(fc.constantFrom("1", "2", "two", " and ", "delivery", "-", ".", "(", ")", " ", "\n", "½", "②"), {
        maxLength: 8,
      })
      .map((bits) => bits.join("")),
  );

  it("is total and deterministic, and answers only with what was offered", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const choice = choose(text, MENU, RESERVED);
        expect(choose(text, MENU, RESERVED)).toEqual(choice);
        if (choice.option !== null) expect(MENU.options.map((offered) => offered.id)).toContain(choice.option);
      }),
      { numRuns: 500 },
    );
  });

  it("reads every shown line, number and label as the option it belongs to", () => {
    const label = fc.string({ unit: fc.constantFrom(..."abcdefghäöüéß ".split("")), minLength: 5, maxLength: 20 });
    fc.assert(
      fc.property(
        fc.uniqueArray(label, { minLength: 2, maxLength: 9, selector: (text) => text.replace(/[^a-h]/g, "") }),
        (labels) => {
          const options = labels.map((text, at) => option(at + 1, `x${text.trim()}x`));
          for (const { n, id, label: shown } of options) {
            for (const text of [String(n), `${n}) ${shown}`, `${n}.`]) {
              expect(choose(text, prompt(options)).option).toBe(id);
            }
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it("counts insertions, deletions, substitutions and swaps, and stops at the limit", () => {
    const cases = [
      ["delivery", "delivery", 0],
      ["delivry", "delivery", 1],
      ["delviery", "delivery", 1],
      ["dilivary", "delivery", 2],
      ["billing", "delivery", 3],
      ["", "ab", 2],
    ] as const;
    for (const [left, right, errors] of cases) expect(distance(left, right, 2)).toBe(errors);
  });
});
