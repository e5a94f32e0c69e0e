import { listWords } from "./list-words.ts";
import type { Sentences } from "./sentence-table.ts";

export const germanSentences: Sentences = {
  person: "Mit einem Menschen sprechen",
  yes: "Ja",
  no: "Nein",
  reminder: "Wir warten noch auf Ihre Antwort.",
  nothingBefore: "Es gibt keine frühere Frage, zu der wir zurückkönnen.",
  again: (why, range) => {
    const how =
      range === null
        ? "Bitte wählen Sie eines davon."
        : `Bitte antworten Sie mit einer Zahl von ${range.lowest} bis ${range.highest}.`;
    switch (why) {
      case "out_of_range":
      case "empty":
      case "no_prompt":
        return how;
      case "several_numbers":
        return `Das war mehr als eines. ${how}`;
      case "number_and_label_disagree":
        return `Die Zahl und die Wörter bedeuten Verschiedenes. ${how}`;
      case "ambiguous_label":
        return `Das könnte mehr als eines davon bedeuten. ${how}`;
      case "reserved_word":
      case "free_text":
        return `Das habe ich leider nicht verstanden. ${how}`;
    }
  },
  didYouMean: (labels) =>
    `Meinten Sie ${listWords(
      labels.map((label) => `„${label}“`),
      "oder",
    )}?`,
  field: {
    text: "Bitte antworten Sie in wenigen Worten (höchstens 4.000 Zeichen).",
    email: "Bitte schreiben Sie eine E-Mail-Adresse, etwa name@example.com.",
    phone: "Bitte schreiben Sie eine Telefonnummer, etwa +49 30 1234567.",
    number: "Bitte schreiben Sie eine Zahl, etwa 3 oder 12,5.",
    money: "Bitte schreiben Sie einen Betrag, etwa 12,50 EUR.",
    date: "Bitte schreiben Sie ein Datum mit Jahr, etwa 24.12.2026.",
    datetime: "Bitte schreiben Sie Datum und Uhrzeit, etwa 24.12.2026 14:30.",
    choice: "Bitte wählen Sie eines davon.",
    yes_no: "Bitte antworten Sie mit Ja oder Nein.",
    file: "Bitte senden Sie eine Datei.",
    id: "Das sieht nicht richtig aus. Bitte prüfen Sie es und schreiben Sie es noch einmal.",
  },
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
