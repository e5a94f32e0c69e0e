/** Options that mean the contrary of one another, and texts that are about one of them without choosing it. */
import { type NumberedOption, PERSON_OPTION } from "../../domain/option.ts";
import { areForms, areTwins, isNearNegation } from "./agree.ts";
import { type Contraries, isNegation } from "./contrary.ts";
import { distance } from "./distance.ts";
import type { LabelKey, PlainForm } from "./label.ts";

/** A longer text tells a story of its own; asking about two options would not be an answer to it. */
const MAX_WORDS_ABOUT = 10;
/** Shorter words are too alike to say what a text is about. */
const LEAST_TOPIC = 3;

type Words = readonly string[];

/** The labels of other options that say the contrary of this one. */
export function twinsOf(
  form: PlainForm,
  { option, among, words }: { option: NumberedOption; among: readonly LabelKey[]; words: Contraries },
): Words[] {
  return among
    .filter((key) => key.option !== option)
    .flatMap((key) => key.plain.map((other) => other.words).filter((other) => areTwins(form.words, other, words)));
}

/**
 * What a text that is not certainly `option` may mean instead: the options whose labels say the contrary of its labels,
 * else the only other one, for of two answers each is the other's contrary.
 */
export function contrariesOf(
  option: NumberedOption,
  { among, words, onlyOther }: { among: readonly LabelKey[]; words: Contraries; onlyOther: boolean },
): NumberedOption[] {
  const own = among.filter((key) => key.option === option).flatMap(({ plain }) => plain);
  const twins = among.filter(
    (key) =>
      key.option !== option && key.plain.some((form) => own.some((mine) => areTwins(mine.words, form.words, words))),
  );
  if (twins.length > 0 || !onlyOther) return [...new Set(twins.map((key) => key.option))];
  const others = [...new Set(among.map((key) => key.option))].filter(
    (other) => other !== option && other.id !== PERSON_OPTION && !isCatchAll(other, among, words),
  );
  return others.length === 1 ? others : [];
}

const isCatchAll = (option: NumberedOption, among: readonly LabelKey[], words: Contraries): boolean =>
  among.some((key) => key.option === option && key.words.some((form) => words.catchAlls.has(form)));

/** Whether a label has a negation, so that denying it names the other answer. */
export const isNegative = (option: NumberedOption, among: readonly LabelKey[], words: Contraries): boolean =>
  among.some(
    (key) => key.option === option && key.plain.some((form) => form.words.some((word) => isNegation(word, words))),
  );

/** The options that a short text is about, in other words than their label's, with its negation or against it. */
export function about(typed: Words, among: readonly LabelKey[], words: Contraries): NumberedOption[] {
  if (typed.length > MAX_WORDS_ABOUT) return [];
  const keys = among.filter(
    ({ option, plain }) =>
      option.id !== PERSON_OPTION && plain.some(({ words: meant }) => isAbout(typed, meant, words)),
  );
  return [...new Set(keys.map(({ option }) => option))];
}

function isAbout(typed: Words, meant: Words, words: Contraries): boolean {
  const topics = meant.filter((word) => isTopic(word, words));
  return (
    topics.length > 0 && topics.every((topic) => typed.some((word) => areForms(word, topic) || isSlip(word, topic)))
  );
}

const isSlip = (word: string, topic: string): boolean =>
  topic.length > LEAST_TOPIC + 1 && distance(word, topic, 1) <= 1;

const isTopic = (word: string, words: Contraries): boolean =>
  word.length >= LEAST_TOPIC && !isNegation(word, words) && !words.fillers.has(word) && !words.contraries.has(word);

/** Whether a text has a word that turns it round, or one that may be a slip of such a word. */
export const turnsRound = (typed: Words, words: Contraries): boolean =>
  typed.some((word) => isNegation(word, words) || (!words.fillers.has(word) && isNearNegation(word, words, 1)));
