/**
 * Guesses the language of a text by words that only one of our languages has. No model and no statistics: a greeting or
 * two such words decide, and everything else stays undecided.
 */
import { toNormalForm } from "../domain/normal-form.ts";

const MARKS: Readonly<Record<string, ReadonlySet<string>>> = {
  de: new Set(
    "ich habe bitte danke nicht und oder ist das ein eine einen mein meine mir mich wir sie der die den dem für mit auf wie wo wann warum kann können möchte rechnung bestellung konto problem hilfe frage".split(
      " ",
    ),
  ),
  en: new Set(
    "i have please thanks not and or is the a an my me we you for with on how where when why can could would like invoice order account problem help question".split(
      " ",
    ),
  ),
};

const GREETINGS: Readonly<Record<string, ReadonlySet<string>>> = {
  de: new Set(["hallo", "moin", "servus", "grüezi", "guten tag", "guten morgen", "guten abend", "grüß gott"]),
  en: new Set(["hello", "hey", "good morning", "good afternoon", "good evening"]),
};

/** Number of words of one language, and of no other, that a text must have. */
const ENOUGH = 2;

/** Returns the BCP 47 primary subtag, or null if the text is not clearly in one language. */
export function guessLanguage(text: string): "de" | "en" | null {
  const folded = toNormalForm(text, "NFKC").toLowerCase();
  const words = folded.split(/[^\p{L}]+/u).filter((word) => word !== "");
  const score = (language: "de" | "en"): number => {
    const [own, other] = [MARKS[language], MARKS[language === "de" ? "en" : "de"]];
    const marks = words.filter((word) => own?.has(word) === true && other?.has(word) !== true).length;
    const greets = [words[0] ?? "", words.slice(0, 2).join(" ")].some((start) => GREETINGS[language]?.has(start));
    return marks + (greets ? ENOUGH : 0);
  };
  const [de, en] = [score("de"), score("en")];
  if (Math.max(de, en) < ENOUGH || de === en) return null;
  return de > en ? "de" : "en";
}
