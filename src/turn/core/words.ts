/** The few sentences that the engine itself says to customers, per language; everything else stands in content files. */
import { toNormalForm } from "../../domain/normal-form.ts";
export interface EngineWords {
  footer: string;
  handoff: string;
  closed: string;
  closedUntil: (opensAt: string) => string;
  stalePrompt: string;
  answeredPrompt: string;
  foreignPrompt: string;
  anotherColleague: string;
  correction: (text: string) => string;
}

const EN: EngineWords = {
  footer: "Reply with a number.",
  handoff: "I am passing you to a colleague, who will answer here.",
  closed: "Nobody is at the desk right now. Your message is safe with us, and a colleague will answer here.",
  closedUntil: (opensAt) =>
    `Nobody is at the desk right now; we are back at ${opensAt}. Your message is safe with us, and a colleague will answer here.`,
  stalePrompt: "That question is no longer open.",
  answeredPrompt: "That question has been answered already.",
  foreignPrompt: "Only the person who was asked can answer this.",
  anotherColleague: "My colleague can't go on with this right now. Another one will answer here.",
  correction: (text) => `Correction: ${text}`,
};

const DE: EngineWords = {
  footer: "Antworten Sie mit einer Zahl.",
  handoff: "Ich gebe Sie an eine Kollegin oder einen Kollegen weiter; die Antwort kommt hier.",
  closed: "Gerade ist niemand am Platz. Ihre Nachricht ist bei uns, und die Antwort kommt hier.",
  closedUntil: (opensAt) =>
    `Gerade ist niemand am Platz; wir sind ab ${opensAt} wieder da. Ihre Nachricht ist bei uns, und die Antwort kommt hier.`,
  stalePrompt: "Diese Frage ist nicht mehr offen.",
  answeredPrompt: "Diese Frage ist schon beantwortet.",
  foreignPrompt: "Das kann nur beantworten, wer gefragt wurde.",
  anotherColleague: "Die Kollegin oder der Kollege kann gerade nicht weitermachen. Jemand anderes antwortet hier.",
  correction: (text) => `Berichtigung: ${text}`,
};

/** The words of the first language that has some; English otherwise. */
export function wordsFor(languages: readonly string[]): EngineWords {
  const language = languages.find((tag) => tag === "en" || tag === "de");
  return language === "de" ? DE : EN;
}

// A whole message of thanks after the close is no reason to open the matter again.
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

/** Tells whether a text is thanks and nothing else. */
export function isThanks(text: string): boolean {
  const folded = toNormalForm(text, "NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\s]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  return THANKS.has(folded);
}
