import { expect, it } from "vitest";
import { catalogOf, codes, DANA, release, SETTINGS, scene, toCustomer } from "../scene.ts";

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
const newScene = () => {
  const play = scene(catalogOf(release({ menu: MENU })), { channel: "text" });
  const writes = (text: string) => play.happens({ kind: "message", message: 1, text, attachments: [], from: FROM });
  return { play, writes };
};

it("a customer who writes German is answered in German from then on", () => {
  const { play, writes } = newScene();
  writes("Hallo, ich habe ein Problem");
  expect(codes(play.last)).toContain("contact.language");
  expect(toCustomer(play.last)[0]).toMatch(/^Worum geht es\?/);
  writes("1");
  expect(toCustomer(play.last)).toEqual(["Notiert: billing"]);
});

it("the language of a customer's text counts more than their client's setting", () => {
  const { play } = newScene();
  const from = { ...FROM, contact: { ...DANA, language: "en" } };
  play.happens({ kind: "message", message: 1, text: "Hallo, ich habe ein Problem", attachments: [], from });
  expect(toCustomer(play.last)[0]).toMatch(/^Worum geht es\?/);
});

it("an option's label in another language than the one shown means that option", () => {
  const { play, writes } = newScene();
  writes("hi");
  expect(toCustomer(play.last)[0]).toMatch(/^What is it about\?/);
  writes("Ich komme nicht rein");
  expect(toCustomer(play.last)).toEqual(["Notiert: access"]);
});

it.each([
  ["open", "front-line", /^Ich gebe Sie an eine Kollegin oder einen Kollegen weiter/],
  ["closed, in its own words", "nights", /^Wir sind .* wieder da\.$/],
])("a customer with de-AT gets the engine's words in German when the queue is %s", (_, queue, hears) => {
  const settings = SETTINGS.replace(
    /closed_say: .*/,
    'closed_say: { en: "Closed.", de: "Wir sind {{ queue.opens_at }} wieder da." }',
  );
  const people = `title: People\nstatus: live\non: conversation.opened\nsteps: [{ handoff: ${queue} }]\n`;
  // A Friday evening.
  const play = scene(catalogOf(release({ people }, { settings })), { at: Date.parse("2026-11-20T20:00:00Z") });
  const from = { ...FROM, contact: { ...DANA, language: "de-AT" } };
  play.happens({ kind: "message", message: 1, text: "hi", attachments: [], from });
  expect(toCustomer(play.last)).toEqual([expect.stringMatching(hears)]);
});
