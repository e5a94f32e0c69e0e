/**
 * Reads a typed answer against the prompt that was shown. Deterministic, and it never guesses:
 *
 * 1. Reserved words always win: the carrier acts on them, whatever we make of them.
 * 2. Only a text that is an answer as a whole is a choice: "I have 2 problems" is not.
 * 3. Where two readings disagree, there is no choice.
 * 4. A destructive option is chosen only by its number or its whole label.
 * 5. What a negation may rule out is not chosen, and neither is its contrary, however the negation is misspelled.
 * 6. A question states nothing: it chooses by a number or a whole label only, and nothing destructive but by that label as
 *    it stands.
 *
 * The order of the readings below is their precedence.
 */
import type { Choice, ShownPrompt } from "../choice.ts";
import { type Answer, answerOf, no, withoutSignature } from "./answer.ts";
import { byContradiction, byYesAndNo, byYesOrNo } from "./by-contrary.ts";
import { byBeginning, byDenial, byExactLabel, byLabel, byNear, byPersonWord } from "./by-label.ts";
import { byNumber, byNumberAndLabel, bySeveral } from "./by-number.ts";
import { lexiconOf } from "./lexicon.ts";
import { normalise, wordsOf } from "./normalise.ts";

/** A longer text is no answer to a menu; it is read by people and models. Far above any label (24 to 80 characters). */
const MAX_ANSWER_CHARACTERS = 400;

type Reading = (answer: Answer) => Choice | null;

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
 * Which option `text` means. `reservedWords`: those of the channel, lower case, compared with the whole message.
 * Total over any text; test/doors has its limit and its growth.
 */
export function choose(
  text: string,
  prompt: ShownPrompt | null,
  o: { reservedWords?: readonly string[] } = {},
): Choice {
  const answer = withoutSignature(text);
  if (answer.length > MAX_ANSWER_CHARACTERS) return no(prompt === null ? "no_prompt" : "free_text");
  const line = normalise(answer).replace(/\n+/g, " ");
  if (o.reservedWords?.some((word) => word === line || word === wordsOf(line))) return no("reserved_word");
  if (prompt === null) return no("no_prompt");
  if (line === "") return no("empty");

  const read = answerOf(line, prompt, lexiconOf(prompt.languages));
  for (const reading of READINGS) {
    const choice = reading(read);
    if (choice === null) continue;
    return reading !== byExactLabel && isDoubted(choice, read) ? no("free_text") : choice;
  }
  return no("free_text");
}

/** "1?" is not sure enough for what can't be undone. */
const isDoubted = (choice: Choice, { asks, options }: Answer): boolean =>
  asks && options.some(({ id, destructive }) => id === choice.option && destructive === true);
