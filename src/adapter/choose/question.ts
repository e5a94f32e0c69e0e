/** Recognises questions: "am I in again?" does not say that somebody is in again. */
import type { Lexicon } from "./lexicon.ts";

/** Of any script, and the emoji. */
const QUESTION_MARK = /[?¿؟‽❓❔]/u;

/** True of a text that has a question mark or begins like a question. `words`: its forms from `wordsOf`. */
export const isQuestion = (normalised: string, words: readonly string[], { question }: Lexicon): boolean =>
  QUESTION_MARK.test(normalised) || words.some((text) => question.test(text));
