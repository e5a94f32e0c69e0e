import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseManifest } from "../../../src/connector/manifest.ts";
import type { Procedure } from "../../../src/procedure/definition.ts";
import { parse } from "../../../src/procedure/parse.ts";
import { matching } from "../../../src/procedure/understudy/select.ts";

const folder = (name: string): [string, string][] =>
  readdirSync(name)
    .filter((file) => file !== "README.md")
    .map((file) => [file, readFileSync(`${name}/${file}`, "utf8")]);

const connectors = Object.fromEntries(
  folder("connectors").flatMap(([file, text]) => {
    const { manifest } = parseManifest(text, `connectors/${file}`);
    return manifest === null ? [] : [[manifest.id, manifest]];
  }),
);
const shipped = folder("procedures").flatMap(([file, text]): readonly Procedure[] => {
  const { procedure } = parse(text, `procedures/${file}`, connectors);
  return procedure === null ? [] : [procedure];
});

describe("the choice of a procedure by its examples", () => {
  it.each(shipped.flatMap(({ id, trigger }) => trigger.examples.map((example) => [example, id])))(
    "“%s” is %s",
    (example, id) => {
      expect(matching(shipped, example)).toEqual([id]);
    },
  );

  it.each(shipped.flatMap(({ id, trigger }) => trigger.counterExamples.map((example) => [example, id])))(
    "“%s” is not %s",
    (example, id) => {
      expect(matching(shipped, example)).not.toContain(id);
    },
  );

  // Written without a look at the examples.
  it.each([
    ["I'd like to cancel my plan, please", "cancel-subscription"],
    ["can you cancel the subscription for me", "cancel-subscription"],
    ["help, I'm locked out of my account!", "account-access"],
    ["my parcel arrived and the lamp is broken", "damaged-order"],
    ["Mein Konto ist gesperrt, bitte helfen Sie", "account-access"],
    ["Ich möchte mein Abo kündigen!", "cancel-subscription"],
  ])("“%s” is %s", (text, id) => {
    expect(matching(shipped, text)).toEqual([id]);
  });

  it.each(["Hi, I need some help", "I was charged twice this month", "where is my order?", "thanks", "", "???", "1"])(
    "“%s” is none",
    (text) => {
      expect(matching(shipped, text)).toEqual([]);
    },
  );
});
