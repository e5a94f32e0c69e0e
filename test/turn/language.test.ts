import { expect, it } from "vitest";
import { catalogOf, codes, DANA, release, scene, toCustomer } from "./scene.ts";

const MENU = `
title: Menu
status: live
on: conversation.opened
steps:
  - ask: { en: What is it about?, de: Worum geht es? }
    save: topic
    options:
      billing: { en: An invoice, de: Eine Rechnung }
      access: { en: I can't get in, de: Ich komme nicht rein }
  - say: { en: "Noted: {{ topic }}", de: "Notiert: {{ topic }}" }
`;
const FROM = { address: "d", displayName: "Dana", trust: "asserted", contact: { ...DANA, language: "" } } as const;
const playing = () => {
  const play = scene(catalogOf(release({ menu: MENU })), { channel: "text" });
  const writes = (text: string) => play.happens({ kind: "message", message: 1, text, attachments: [], from: FROM });
  return { play, writes };
};

it("A customer who writes German is answered in German from then on", () => {
  const { play, writes } = playing();
  writes("Hallo, ich habe ein Problem");
  expect(codes(play.last)).toContain("contact.language");
  expect(toCustomer(play.last)[0]).toMatch(/^Worum geht es\?/);
  writes("1");
  expect(toCustomer(play.last)).toEqual(["Notiert: billing"]);
});

it("An option's words in another language than the one shown mean that option", () => {
  const { play, writes } = playing();
  writes("hi");
  expect(toCustomer(play.last)[0]).toMatch(/^What is it about\?/);
  writes("Ich komme nicht rein");
  expect(toCustomer(play.last)).toEqual(["Notiert: access"]);
});
