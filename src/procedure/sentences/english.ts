import type { OwnSentences } from "./own-sentences.ts";

export const englishProcedureSentences: OwnSentences = {
  introduction: "I am an automatic assistant without a language model, so short answers help me most.",
  somethingElse: "Something else",
  which: "Which of these do you mean?",
  askFor: (name) => `Please tell me this: ${name}`,
  notUnderstood: "Sorry, I did not understand that.",
  takeYourTime: "Take your time. I wait for your answer.",
  why: (title) => `I need it to go on with this: ${title}. You may always ask for a person.`,
  dropped: "All right, we leave it there. Nothing further will be done.",
  confirm: (what) => `Shall I do this? ${what}`,
  passedOn: (facts) =>
    `This is what I pass on:\n${facts.map((fact) => `– ${fact}`).join("\n")}\nIf something in it is wrong, just write it here.`,
};
