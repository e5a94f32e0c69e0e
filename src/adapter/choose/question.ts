/** Texts that ask: "am I in again?" does not say that somebody is in again. */
import type { Lexicon } from "./lexicon.ts";

/** Of any script, and the emoji. */
const QUESTION_MARK = /[?¿؟‽❓❔]/u;

/** A text with a question mark, or one that begins as questions do. `words`: the text as `wordsOf` makes it. */
export const asks = (normalised: string, words: readonly string[], { question }: Lexicon): boolean =>
  QUESTION_MARK.test(normalised) || words.some((text) => question.test(text));
