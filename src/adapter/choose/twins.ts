/** Finds options that are opposites ("twins"), and texts that are about an option without choosing it. */
import { type NumberedOption, PERSON_OPTION } from "../../domain/option.ts";
import { areForms, areTwins, isNearNegation } from "./agree.ts";
import { type Contraries, isNegation } from "./contrary.ts";
import { distance } from "./distance.ts";
import type { LabelKey, PlainForm } from "./label-key.ts";

/** A longer text says more than a choice; a question about two options would not answer it. */
const MAX_WORDS_ABOUT = 10;
/** Shorter words are too alike to tell what a text is about. */
const LEAST_TOPIC = 3;

type Words = readonly string[];

/** Returns the labels of other options that say the opposite of this one. */
export function twinsOf(
  form: PlainForm,
  { option, among, words }: { option: NumberedOption; among: readonly LabelKey[]; words: Contraries },
): Words[] {
  return among
    .filter((key) => key.option !== option)
    .flatMap((key) => key.plain.map((other) => other.words).filter((other) => areTwins(form.words, other, words)));
}

/**
 * Returns the options that a text may mean if it is not certainly `option`: those whose labels say the opposite of its
 * labels, else the only other one, because of two answers each is the opposite of the other.
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

/** True when a label has a negation, so that denying it means the other answer. */
export const isNegative = (option: NumberedOption, among: readonly LabelKey[], words: Contraries): boolean =>
  among.some(
    (key) => key.option === option && key.plain.some((form) => form.words.some((word) => isNegation(word, words))),
  );

/** Returns the options that a short text is about, in words other than their label's, negated or not. */
export function optionsAbout(typed: Words, among: readonly LabelKey[], words: Contraries): NumberedOption[] {
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

/** True when a text has a negation, or a word that may be a misspelled one. */
export const negates = (typed: Words, words: Contraries): boolean =>
  typed.some((word) => isNegation(word, words) || (!words.fillers.has(word) && isNearNegation(word, words, 1)));
