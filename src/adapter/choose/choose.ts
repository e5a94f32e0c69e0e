/**
 * Reads a typed answer against the prompt that was shown. Deterministic, and it never guesses:
 *
 * 1. Reserved words always win: the carrier acts on them anyway.
 * 2. The whole text must be an answer: "I have 2 problems" is no choice.
 * 3. If two readings disagree, there is no choice.
 * 4. A destructive option is chosen only by its number or its whole label.
 * 5. An option that a negation may rule out is not chosen, nor is its opposite, even if the negation is misspelled.
 * 6. A question chooses only by a number or a whole label, and a destructive option only by its exact label.
 *
 * The order of the readings below is their precedence.
 */
import type { Choice, ShownPrompt } from "../choice.ts";
import { answerOf, noChoice, type TypedAnswer, withoutSignature } from "./answer.ts";
import { byContradiction, byYesAndNo, byYesOrNo } from "./by-contrary.ts";
import { byBeginning, byDenial, byExactLabel, byLabel, byNear, byPersonWord } from "./by-label.ts";
import { byNumber, byNumberAndLabel, bySeveral } from "./by-number.ts";
import { lexiconOf } from "./lexicon.ts";
import { normalise, wordsOf } from "./normalise.ts";

/** A longer text is not an answer to a menu; people and models read it. Far above any label (24 to 80 characters). */
const MAX_ANSWER_CHARACTERS = 400;

type Reading = (answer: TypedAnswer) => Choice | null;

const READINGS: readonly Reading[] = [
  byNumber,
  byExactLabel,
  byYesAndNo,
  byLabel,
  byPersonWord,
  byYesOrNo,
  byDenial,
  byNumberAndLabel,
  bySeveral,
  byBeginning,
  byNear,
  byContradiction,
];

/**
 * Finds the option that `text` means. `reservedWords`: the channel's, lower case, compared with the whole message.
 * Total over any text; test/doors checks its limit and its running time.
 */
export function choose(
  text: string,
  prompt: ShownPrompt | null,
  o: { reservedWords?: readonly string[] } = {},
): Choice {
  const answer = withoutSignature(text);
  if (answer.length > MAX_ANSWER_CHARACTERS) return noChoice(prompt === null ? "no_prompt" : "free_text");
  const line = normalise(answer).replace(/\n+/g, " ");
  if (o.reservedWords?.some((word) => word === line || word === wordsOf(line))) return noChoice("reserved_word");
  if (prompt === null) return noChoice("no_prompt");
  if (line === "") return noChoice("empty");

  const read = answerOf(line, prompt, lexiconOf(prompt.languages));
  for (const reading of READINGS) {
    const choice = reading(read);
    if (choice === null) continue;
    return reading !== byExactLabel && isDoubted(choice, read) ? noChoice("free_text") : choice;
  }
  return noChoice("free_text");
}

/** True when a destructive option was chosen by a question: "1?" is not sure enough. */
const isDoubted = (choice: Choice, { isQuestion, options }: TypedAnswer): boolean =>
  isQuestion && options.some(({ id, destructive }) => id === choice.option && destructive === true);
