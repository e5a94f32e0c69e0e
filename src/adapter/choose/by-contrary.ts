/** Answers that may mean an option or its contrary, so that neither is chosen and both are named. */
import { type NumberedOption, PERSON_OPTION } from "../../domain/option.ts";
import type { Choice } from "../choice.ts";
import { type Answer, no } from "./answer.ts";
import { type Contraries, isNegation } from "./contrary.ts";
import type { Found, LabelKey, Menu } from "./label.ts";
import { about, contrariesOf, isNegative, turnsRound } from "./twins.ts";

/** More than these are no longer a question of one or the other. */
const MAX_CANDIDATES = 3;
/** A text of so few words is about what it names, though nothing in it turns it round ("it helped"). */
const FEW_WORDS = 4;

/** The options that a text may mean, their contraries among them; null where that is one, or all sorts. */
export function doubtful(
  { agreed, opposed }: Found,
  o: { menu: Menu; options: readonly NumberedOption[] },
): Choice | null {
  const { among, contraries: words } = o.menu;
  const contraries = opposed.flatMap((option) => contrariesOf(option, { among, words, onlyOther: true }));
  return namely([...agreed, ...opposed, ...contraries], o.options);
}

function namely(named: readonly NumberedOption[], options: readonly NumberedOption[]): Choice | null {
  const candidates = options.filter((option) => option.id !== PERSON_OPTION && named.includes(option));
  if (candidates.length < 2 || candidates.length > MAX_CANDIDATES) return null;
  return { option: null, why: "opposites", candidates: candidates.map(({ id }) => id) };
}

/** "Yes", "nope", a raised thumb: the option that is called yes or no. */
export function byYesOrNo({ words, keys, lexicon }: Answer): Choice | null {
  for (const kin of [lexicon.contraries.assents, lexicon.contraries.denials]) {
    const [option, ...others] = words.some((text) => kin.has(text)) ? calledOneOf(keys(), kin) : [];
    if (option !== undefined) return others.length > 0 ? no("ambiguous_label") : { option: option.id, via: "word" };
  }
  return null;
}

/** "Yes, no" and "yes I did not": both at once, where the options are yes and no. */
export function byYesAndNo({ said, keys, options, lexicon }: Answer): Choice | null {
  const { contraries, between, courtesies } = lexicon;
  const typed = said.split(" ");
  const small = (word: string) => contraries.fillers.has(word) || between.has(word) || courtesies.has(word);
  return typed.every((word) => small(word) || saysYes(word, contraries) || saysNo(word, contraries))
    ? both(typed, { keys: keys(), options, contraries })
    : null;
}

/** The last reading: what is about an option, or about yes and no, but turned round. */
export function byContradiction({ plain, keys, options, lexicon }: Answer): Choice | null {
  const { contraries } = lexicon;
  const among = keys();
  for (const { words } of plain()) {
    const choice =
      both(words, { keys: among, options, contraries }) ?? namely(contradicted(words, among, contraries), options);
    if (choice !== null) return choice;
  }
  return null;
}

function contradicted(typed: readonly string[], among: readonly LabelKey[], words: Contraries): NumberedOption[] {
  const options = about(typed, among, words);
  if (options.length === 0) return [];
  const turned = turnsRound(typed, words);
  if (!turned && typed.length > FEW_WORDS) return [];
  return options.flatMap((option) => {
    const onlyOther = !turned && isNegative(option, among, words);
    const contraries = contrariesOf(option, { among, words, onlyOther });
    return contraries.length > 0 ? [option, ...contraries] : [];
  });
}

function both(
  typed: readonly string[],
  {
    keys,
    options,
    contraries,
  }: { keys: readonly LabelKey[]; options: readonly NumberedOption[]; contraries: Contraries },
): Choice | null {
  if (!typed.some((word) => saysYes(word, contraries)) || !typed.some((word) => saysNo(word, contraries))) return null;
  const [yes, no] = [calledOneOf(keys, contraries.assents), calledOneOf(keys, contraries.denials)];
  return yes.length > 0 && no.length > 0 ? namely([...yes, ...no], options) : null;
}

const saysYes = (word: string, { assents }: Contraries): boolean => assents.has(word);
const saysNo = (word: string, words: Contraries): boolean => words.denials.has(word) || isNegation(word, words);

const calledOneOf = (keys: readonly LabelKey[], kin: ReadonlySet<string>): NumberedOption[] => [
  ...new Set(keys.filter(({ words }) => words.some((form) => kin.has(form))).map(({ option }) => option)),
];
