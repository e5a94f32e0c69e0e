import { toNormalForm } from "../../domain/normal-form.ts";

// Messages that do not open a closed conversation again.
const THANKS = new Set([
  "thanks",
  "thank you",
  "thank you very much",
  "thanks a lot",
  "many thanks",
  "thx",
  "ty",
  "cheers",
  "great thanks",
  "ok thanks",
  "perfect thanks",
  "great",
  "perfect",
  "ok",
  "okay",
  "danke",
  "danke schön",
  "dankeschön",
  "vielen dank",
  "danke sehr",
  "besten dank",
  "super danke",
  "ok danke",
  "alles klar danke",
  "prima danke",
  "perfekt",
  "super",
]);

/** True when a text is thanks and nothing else. */
export function isThanks(text: string): boolean {
  const folded = toNormalForm(text, "NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\s]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  return THANKS.has(folded);
}
