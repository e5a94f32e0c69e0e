/**
 * Reads answers that are a label: the whole label, a paraphrase, its beginning, or with typing errors. A question matches
 * any label only by the whole label; otherwise it matches labels that are questions too, or a person.
 */
import { type NumberedOption, PERSON_OPTION } from "../../domain/option.ts";
import type { Choice } from "../choice.ts";
import { noChoice, type TypedAnswer } from "./answer.ts";
import { doubtfulChoice } from "./by-contrary.ts";
import { findByBeginning, findByPlainForm, findByWords, findExact, findNearest, type Matches } from "./label.ts";
import type { LabelKey } from "./label-key.ts";
import { isNegative } from "./twins.ts";

/** Reads the exact label, punctuation included. */
export function byExactLabel({ line, keys }: TypedAnswer): Choice | null {
  return oneOf(findExact(keys(), line), "label");
}

export function byLabel(answer: TypedAnswer): Choice | null {
  const { core, lineWords, words, plain, keys, lexicon } = answer;
  const readings = [
    () => findExact(keys(), core),
    ...[lineWords, ...words].map((text) => () => findByWords(keys(), text)),
    ...plain().map((form) => () => findByPlainForm(keysFor(answer), form)),
    // "It works now": a trailing word that does not change a whole label.
    ...words
      .filter((text) => lexicon.tail.test(text))
      .map((text) => () => findByWords(keysFor(answer), text.replace(lexicon.tail, ""))),
  ];
  for (const hits of readings) {
    const choice = oneOf(hits(), "label");
    if (choice !== null) return choice;
  }
  return null;
}

/** Returns the labels that an answer may match without being exactly one of them. */
const keysFor = ({ isQuestion, keys }: TypedAnswer): readonly LabelKey[] =>
  isQuestion ? keys().filter((key) => key.isQuestion) : keys();

/** Reads "no, it did not help": the "no" before a negative label repeats it. */
export function byDenial({ plain, labelSet }: TypedAnswer): Choice | null {
  const { among, contraries } = labelSet();
  for (const { words } of plain()) {
    if (!contraries.denials.has(words[0] ?? "")) continue;
    const rest = words.slice(1);
    const hits = findByPlainForm(among, { text: rest.join(" "), words: rest });
    const negative = hits.filter((option) => isNegative(option, among, contraries));
    if (negative.length > 0) return oneOf(negative, "label");
  }
  return null;
}

export function byPersonWord({ words, options, lexicon }: TypedAnswer): Choice | null {
  const person = options.find((option) => option.id === PERSON_OPTION);
  if (person === undefined || !words.some((text) => lexicon.person.test(text))) return null;
  return { option: person.id, via: "word" };
}

export function byBeginning(answer: TypedAnswer): Choice | null {
  const { plain, labelSet } = answer;
  return firstCertain(
    plain().map((form) => findByBeginning(keysFor(answer), form, labelSet())),
    { answer, via: "label" },
  );
}

export function byNear(answer: TypedAnswer): Choice | null {
  const { plain, options, lexicon, labelSet } = answer;
  const person = options.find((option) => option.id === PERSON_OPTION);
  const forPerson =
    person === undefined
      ? []
      : [{ option: person, exact: "", words: [], plain: lexicon.personWords, isQuestion: true }];
  return firstCertain(
    plain().map((form) => findNearest([...keysFor(answer), ...forPerson], form, labelSet())),
    { answer, via: "near_miss" },
  );
}

/** Returns the option of the first certain reading; else, if there are two possible options, both as candidates. */
function firstCertain(
  readings: readonly Matches[],
  { answer, via }: { answer: TypedAnswer; via: "label" | "near_miss" },
): Choice | null {
  const within = { labelSet: answer.labelSet(), options: answer.options };
  const found = readings.find(({ agreed }) => agreed.length > 0);
  if (found === undefined)
    return doubtfulChoice({ agreed: [], opposed: readings.flatMap((one) => one.opposed) }, within);
  if (found.opposed.length > 0) return doubtfulChoice(found, within) ?? noChoice("ambiguous_label");
  return oneUnlessDestructive(found.agreed, via);
}

function oneOf(hits: readonly NumberedOption[], via: "label" | "near_miss"): Choice | null {
  const [first, ...others] = hits;
  if (first === undefined) return null;
  return others.length > 0 ? noChoice("ambiguous_label") : { option: first.id, via };
}

/** Like `oneOf`, but a destructive option needs more than part of its label. */
function oneUnlessDestructive(hits: readonly NumberedOption[], via: "label" | "near_miss"): Choice | null {
  return hits.length === 1 && hits[0]?.destructive === true ? noChoice("free_text") : oneOf(hits, via);
}
