import { describe, expect, it } from "vitest";
import { guessLanguage } from "../../src/adapter/language-guess.ts";

describe("the language of a text", () => {
  it.each([
    ["Hallo", "de"],
    ["hallo, ich habe ein Problem", "de"],
    ["Guten Tag!", "de"],
    ["ich komme nicht rein", "de"],
    ["MEINE RECHNUNG IST FALSCH, BITTE UM HILFE", "de"],
    ["hello", "en"],
    ["I have a problem with my invoice", "en"],
    ["Where is my order?", "en"],
  ] as const)("of “%s” is %s", (text, language) => {
    expect(guessLanguage(text)).toBe(language);
  });

  it.each(["hi", "2", "", "ok", "Dana", "bonjour", "problem", "die", "👋", "AB-1234", "¡hola!"])(
    "of “%s” stays open",
    (text) => {
      expect(guessLanguage(text)).toBeNull();
    },
  );
});
