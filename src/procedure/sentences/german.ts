import type { OwnSentences } from "./own-sentences.ts";

export const germanProcedureSentences: OwnSentences = {
  introduction: "Ich bin ein automatischer Assistent ohne Sprachmodell, kurze Antworten verstehe ich am besten.",
  somethingElse: "Etwas anderes",
  which: "Was davon meinen Sie?",
  askFor: (name) => `Bitte nennen Sie mir das: ${name}`,
  notUnderstood: "Das habe ich leider nicht verstanden.",
  takeYourTime: "Lassen Sie sich Zeit. Ich warte auf Ihre Antwort.",
  why: (title) =>
    `Ich brauche es, um hiermit weiterzukommen: ${title}. Sie können jederzeit nach einem Menschen fragen.`,
  dropped: "Gut, wir lassen es dabei. Es geschieht nichts weiter.",
  confirm: (what) => `Soll ich das tun? ${what}`,
  passedOn: (facts) =>
    `Das gebe ich weiter:\n${facts.map((fact) => `– ${fact}`).join("\n")}\nWenn etwas davon nicht stimmt, schreiben Sie es einfach hier.`,
};
