import { listWords } from "./list-words.ts";
import type { Sentences } from "./sentence-table.ts";

export const englishSentences: Sentences = {
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
    `Did you mean ${listWords(
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
