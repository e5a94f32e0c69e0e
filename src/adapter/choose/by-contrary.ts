/** Reads answers that may mean an option or its opposite: neither is chosen, both are candidates. */
import { type NumberedOption, PERSON_OPTION } from "../../domain/option.ts";
import type { Choice } from "../choice.ts";
import { noChoice, type TypedAnswer } from "./answer.ts";
import { type Contraries, isNegation } from "./contrary.ts";
import type { LabelSet, Matches } from "./label.ts";
import type { LabelKey } from "./label-key.ts";
import { contrariesOf, isNegative, negates, optionsAbout } from "./twins.ts";

/** With more candidates it is no longer a question of one or the other. */
const MAX_CANDIDATES = 3;
/** A text of this many words or fewer is about the option it names, even without a negation ("it helped"). */
const FEW_WORDS = 4;

/** Returns the options that a text may mean, with their opposites; null if there is only one, or too many. */
export function doubtfulChoice(
  { agreed, opposed }: Matches,
  o: { labelSet: LabelSet; options: readonly NumberedOption[] },
): Choice | null {
  const { among, contraries: words } = o.labelSet;
  const contraries = opposed.flatMap((option) => contrariesOf(option, { among, words, onlyOther: true }));
  return choiceAmong([...agreed, ...opposed, ...contraries], o.options);
}

function choiceAmong(named: readonly NumberedOption[], options: readonly NumberedOption[]): Choice | null {
  const candidates = options.filter((option) => option.id !== PERSON_OPTION && named.includes(option));
  if (candidates.length < 2 || candidates.length > MAX_CANDIDATES) return null;
  return { option: null, why: "opposites", candidates: candidates.map(({ id }) => id) };
}

/** Reads "yes", "nope" or a thumbs-up as the option that is called yes or no. */
export function byYesOrNo({ words, keys, lexicon }: TypedAnswer): Choice | null {
  for (const kin of [lexicon.contraries.assents, lexicon.contraries.denials]) {
    const [option, ...others] = words.some((text) => kin.has(text)) ? optionsNamed(keys(), kin) : [];
    if (option !== undefined)
      return others.length > 0 ? noChoice("ambiguous_label") : { option: option.id, via: "word" };
  }
  return null;
}

/** Reads "yes, no" and "yes I did not": both at once, if the options are yes and no. */
export function byYesAndNo({ lineWords, keys, options, lexicon }: TypedAnswer): Choice | null {
  const { contraries, between, courtesies } = lexicon;
  const typed = lineWords.split(" ");
  const small = (word: string) => contraries.fillers.has(word) || between.has(word) || courtesies.has(word);
  return typed.every((word) => small(word) || saysYes(word, contraries) || saysNo(word, contraries))
    ? yesAndNo(typed, { keys: keys(), options, contraries })
    : null;
}

/** The last reading: a text about an option, or about yes and no, but negated. */
export function byContradiction({ plain, keys, options, lexicon }: TypedAnswer): Choice | null {
  const { contraries } = lexicon;
  const among = keys();
  for (const { words } of plain()) {
    const choice =
      yesAndNo(words, { keys: among, options, contraries }) ??
      choiceAmong(contradictedOptions(words, among, contraries), options);
    if (choice !== null) return choice;
  }
  return null;
}

function contradictedOptions(
  typed: readonly string[],
  among: readonly LabelKey[],
  words: Contraries,
): NumberedOption[] {
  const options = optionsAbout(typed, among, words);
  if (options.length === 0) return [];
  const turned = negates(typed, words);
  if (!turned && typed.length > FEW_WORDS) return [];
  return options.flatMap((option) => {
    const onlyOther = !turned && isNegative(option, among, words);
    const contraries = contrariesOf(option, { among, words, onlyOther });
    return contraries.length > 0 ? [option, ...contraries] : [];
  });
}

function yesAndNo(
  typed: readonly string[],
  {
    keys,
    options,
    contraries,
  }: { keys: readonly LabelKey[]; options: readonly NumberedOption[]; contraries: Contraries },
): Choice | null {
  if (!typed.some((word) => saysYes(word, contraries)) || !typed.some((word) => saysNo(word, contraries))) return null;
  const [yes, no] = [optionsNamed(keys, contraries.assents), optionsNamed(keys, contraries.denials)];
  return yes.length > 0 && no.length > 0 ? choiceAmong([...yes, ...no], options) : null;
}

const saysYes = (word: string, { assents }: Contraries): boolean => assents.has(word);
const saysNo = (word: string, words: Contraries): boolean => words.denials.has(word) || isNegation(word, words);

const optionsNamed = (keys: readonly LabelKey[], kin: ReadonlySet<string>): NumberedOption[] => [
  ...new Set(keys.filter(({ words }) => words.some((form) => kin.has(form))).map(({ option }) => option)),
];
