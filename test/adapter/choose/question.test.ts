/** Questions that look like an option's label: asking whether something is so does not say that it is. */
import { describe, expect, it } from "vitest";
import type { Choice, ShownPrompt } from "../../../src/adapter/choice.ts";
import { choose } from "../../../src/adapter/choose/choose.ts";
import { PERSON_OPTION } from "../../../src/domain/option.ts";

const menu = (labels: readonly string[], destructive: readonly string[] = []): ShownPrompt => ({
  id: "p1",
  languages: ["en", "de"],
  options: [
    ...labels.map((label, at) => {
      return { n: at + 1, id: label, label, aliases: [], destructive: destructive.includes(label) };
    }),
    { n: 0, id: PERSON_OPTION, label: "Talk to a person", aliases: [] },
  ],
});
const said = (choice: Choice): string | null => choice.option;

const HELP = ["I am in again", "It did not help"];
const HILFE = ["Ich bin wieder drin", "Es hat nicht geholfen"];
const PAKET = ["Das Paket ist da", "Es fehlt etwas"];
const MENU = ["Billing", "Delivery"];
const ASKED = ["Where is my order?", "Can I change my order", "Something else"];
const GEFRAGT = ["Wo ist mein Paket", "Kann ich umtauschen?", "Etwas anderes"];

describe("a question", () => {
  it.each<[string, readonly string[]]>([
    ["am I in again?", HELP],
    ["am I in again", HELP],
    ["Am i in again ?", HELP],
    ["am I in again？", HELP],
    ["¿am I in again?", HELP],
    ["am I in again??!", HELP],
    ["am I in again❓", HELP],
    ["“am I in again?”", HELP],
    ["am I in again? thanks!", HELP],
    ["hi, am I in again? :)", HELP],
    ["I am in agian?", HELP],
    ["i am in agai?", HELP],
    ["I am in?", HELP],
    ["did it not help", HELP],
    ["did it help", HELP],
    ["why did it not help", HELP],
    ["was it of no help", HELP],
    ["it did nto help?", HELP],
    ["bin ich wieder drin?", HILFE],
    ["bin ich wieder drin", HILFE],
    ["Ich bin wieder drn?", HILFE],
    ["ich bin wieder?", HILFE],
    ["hat es nicht geholfen", HILFE],
    ["hat es nicht geholfen?", HILFE],
    ["ist das Paket da?", PAKET],
    ["ist das paket da", PAKET],
    ["das Paket isst da?", PAKET],
    ["warum fehlt etwas", PAKET],
    ["wo ist das Paket", PAKET],
    ["biling?", MENU],
    ["deli?", MENU],
    ["is it delivry", MENU],
    ["what is billing", MENU],
  ])("chooses nothing by what it looks like: %j of %j", (text, labels) => {
    expect(said(choose(text, menu(labels)))).toBeNull();
  });

  it.each<[string, readonly string[], string]>([
    ["I am in again?", HELP, "I am in again"],
    ["delivery?", MENU, "Delivery"],
    ["Delivery？", MENU, "Delivery"],
    ["the delivery, please?", MENU, "Delivery"],
    ["2?", MENU, "Delivery"],
    ["2 ?", MENU, "Delivery"],
    ["2？", MENU, "Delivery"],
    ["number 2?", MENU, "Delivery"],
    ["two?", MENU, "Delivery"],
    ["the second one?", MENU, "Delivery"],
    ["2 - Delivery?", MENU, "Delivery"],
    ["Nummer 2?", HILFE, "Es hat nicht geholfen"],
    ["die zweite?", HILFE, "Es hat nicht geholfen"],
    ["Ich bin wieder drin?", HILFE, "Ich bin wieder drin"],
    ["where is my order", ASKED, "Where is my order?"],
    ["where is my oder?", ASKED, "Where is my order?"],
    ["wheres my order", ["Where's my order?", "Other"], "Where's my order?"],
    ["can i chnage my order", ASKED, "Can I change my order"],
    ["wo ist mein pakt?", GEFRAGT, "Wo ist mein Paket"],
    ["kann ich umtauchen", GEFRAGT, "Kann ich umtauschen?"],
    ["can I speak to someone?", HELP, PERSON_OPTION],
    ["operator?", HELP, PERSON_OPTION],
    ["represenative?", HELP, PERSON_OPTION],
  ])("may name an option: %j of %j is %j", (text, labels, expected) => {
    expect(said(choose(text, menu(labels)))).toBe(expected);
  });

  it.each(["1?", "delete my account?", "number 1?", "1 - delete my account?"])(
    "chooses nothing that can't be undone: %j",
    (text) => {
      expect(said(choose(text, menu(["Delete my account", "Other"], ["Delete my account"])))).toBeNull();
    },
  );
});

describe("a statement", () => {
  it.each<[string, readonly string[], string]>([
    ["I am in agian", HELP, "I am in again"],
    ["am in again", HELP, "I am in again"],
    ["did not hlep", HELP, "It did not help"],
    ["didnt help", HELP, "It did not help"],
    ["I am in again!", HELP, "I am in again"],
    ["ich bin wieder drn", HILFE, "Ich bin wieder drin"],
    ["bin wieder drin", HILFE, "Ich bin wieder drin"],
    ["hat nicht geholfen", HILFE, "Es hat nicht geholfen"],
    ["das Pakte ist da", PAKET, "Das Paket ist da"],
    ["delivry", MENU, "Delivery"],
  ])("still chooses by its nearest label: %j of %j", (text, labels, expected) => {
    expect(said(choose(text, menu(labels)))).toBe(expected);
  });
});
