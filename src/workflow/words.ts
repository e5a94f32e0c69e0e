/** The few sentences that the engine itself says to customers, by language. All other texts are the admin's. */
import type { NoChoice } from "../adapter/choice.ts";
import type { FieldType } from "./definition.ts";

interface Words {
  person: string;
  yes: string;
  no: string;
  reminder: string;
  nothingBefore: string;
  /** The reason for asking again, and how to answer. `range` is null if options are buttons without numbers. */
  again: (why: Exclude<NoChoice, "opposites">, range: Range | null) => string;
  /** Names the options that an answer can have meant. */
  didYouMean: (labels: readonly string[]) => string;
  field: Readonly<Record<FieldType, string>>;
}

export interface Range {
  lowest: number;
  highest: number;
}

/** "A, B or C". */
const listed = (labels: readonly string[], or: string): string =>
  labels.length < 2 ? labels.join("") : `${labels.slice(0, -1).join(", ")} ${or} ${labels.at(-1)}`;

const english: Words = {
  person: "Talk to a person",
  yes: "Yes",
  no: "No",
  reminder: "We are still waiting for your answer.",
  nothingBefore: "There is no earlier question to go back to.",
  again: (why, range) => {
    const how =
      range === null
        ? "Please choose one of these."
        : `Please answer with a number from ${range.lowest} to ${range.highest}.`;
    switch (why) {
      case "out_of_range":
      case "empty":
      case "no_prompt":
        return how;
      case "several_numbers":
        return `That was more than one. ${how}`;
      case "number_and_label_disagree":
        return `The number and the words you wrote mean different things. ${how}`;
      case "ambiguous_label":
        return `That could mean more than one of these. ${how}`;
      case "reserved_word":
      case "free_text":
        return `Sorry, I did not understand that. ${how}`;
    }
  },
  didYouMean: (labels) =>
    `Did you mean ${listed(
      labels.map((label) => `“${label}”`),
      "or",
    )}?`,
  field: {
    text: "Please answer in a few words (4,000 characters at most).",
    email: "Please write one e-mail address, like name@example.com.",
    phone: "Please write one phone number, like +1 555 0100.",
    number: "Please write one number, like 3 or 12.5.",
    money: "Please write one amount, like 12.50 EUR.",
    date: "Please write a date with its year, like 2026-12-24.",
    datetime: "Please write a date and a time, like 2026-12-24 14:30.",
    choice: "Please choose one of these.",
    yes_no: "Please answer yes or no.",
    file: "Please send a file.",
    id: "That does not look right. Please check it and write it again.",
  },
};

const german: Words = {
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
    `Meinten Sie ${listed(
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
};

/** The words of the first language that is supported, or English. */
export function words(languages: readonly string[]): Words {
  for (const tag of languages) {
    const primary = tag.split("-")[0];
    if (primary === "de") return german;
    if (primary === "en") return english;
  }
  return english;
}

/** Tells whether a reply asks for the previous question. */
export const isBack = (text: string): boolean => /^(?:go back|back|zurück|zurueck)[.!]?$/iu.test(text.trim());
