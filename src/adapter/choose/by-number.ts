/** Reads answers that are one number or several. */
import type { NumberedOption } from "../../domain/option.ts";
import type { Choice } from "../choice.ts";
import { noChoice, type TypedAnswer } from "./answer.ts";
import { doubtfulChoice } from "./by-contrary.ts";
import {
  findByBeginning,
  findByPlainForm,
  findByWords,
  findExact,
  findNearest,
  type LabelSet,
  type Matches,
  plainForm,
} from "./label.ts";
import type { LabelKey } from "./label-key.ts";
import { LAST, type Lexicon } from "./lexicon.ts";
import { hanNumber, wordsOf } from "./normalise.ts";

export function byNumber({ core, line, options, shown, lexicon, keys }: TypedAnswer): Choice | null {
  const match = lexicon.number.exec(core);
  const named = numberIn(match, lexicon) ?? wordValue(hanNumber(core));
  if (named === null) return null;
  const among = withNumber(shown, named.value);
  const placed = isOrdinal(match) && shown.length < options.length ? atPosition(shown, named.value) : among;
  // If only 2 and 5 are shown, "the second" may be either.
  if (among !== undefined && placed !== undefined && among !== placed) return noChoice("ambiguous_label");
  const option = among ?? placed ?? withNumber(options, named.value);
  const labelled = findExact(keys(), line);
  if (option === undefined) return labelled.length > 0 ? null : noChoice("out_of_range");
  if (labelled.some((other) => other !== option)) return noChoice("number_and_label_disagree");
  return { option: option.id, via: named.via };
}

const isOrdinal = (match: RegExpExecArray | null): boolean =>
  (match?.groups?.["ordinal"] ?? match?.groups?.["ordinalWord"]) !== undefined;

/** Returns the first, second … of these options, not counting the person option. */
const atPosition = (options: readonly NumberedOption[], value: number): NumberedOption | undefined =>
  options.filter((option) => option.n !== 0)[value - 1];

/** Reads "1 and 3", "1/2": numbers and nothing else. "2 2" is 2 twice; "2,2" and "2/2" mean something else. */
export function bySeveral({ core, options, lexicon }: TypedAnswer): Choice | null {
  if (!/^[\p{L}\d(#]/u.test(core)) return null;
  const values: number[] = [];
  for (const token of core.split(/[\s,;&/+–—-]+/u)) {
    const bare = token.replace(/^[(#]+|[.):]+$/g, "");
    if (bare === "" || lexicon.between.has(bare)) continue;
    const value = /^\d{1,2}$/.test(bare) ? Number(bare) : lexicon.values.get(bare);
    if (value === undefined) return null;
    values.push(value);
  }
  const shown = values.flatMap((value) => withNumber(options, value) ?? []);
  const joined = /\d[,/+–—-]\d/u.test(core);
  if (new Set(values).size > 1) {
    // "24/7", "12-25" and "2,5" are no choices, though "1/2", "1-2" and "1,2" are.
    const enough = joined ? shown.length === values.length : shown.length > 0;
    return enough ? noChoice("several_numbers") : null;
  }
  const [option, again] = shown;
  return option === undefined || again === undefined || joined ? null : { option: option.id, via: "number" };
}

function numberIn(match: RegExpExecArray | null, lexicon: Lexicon): { value: number; via: "number" | "word" } | null {
  const groups = match?.groups;
  if (groups === undefined) return null;
  const digits = groups["digits"] ?? groups["marked"] ?? groups["ordinal"];
  if (digits !== undefined) return { value: Number(digits), via: "number" };
  return wordValue(lexicon.values.get(groups["word"] ?? groups["ordinalWord"] ?? "") ?? null);
}

/** Reads "2 - Delivery", a copied line: the label must mean the same option as the number. */
export function byNumberAndLabel({ core, options, lexicon, keys, labelSet }: TypedAnswer): Choice | null {
  const match = lexicon.headed.exec(core);
  const named = numberIn(match, lexicon);
  const rest = wordsOf(match?.groups?.["rest"] ?? "");
  if (named === null || rest === "") return null;
  const option = withNumber(options, named.value);
  if (option !== undefined) {
    const own = matchesOf(
      keys().filter((key) => key.option === option),
      rest,
      labelSet(),
    );
    if (own.agreed.length > 0) return { option: option.id, via: named.via };
    if (own.opposed.length > 0)
      return doubtfulChoice(own, { labelSet: labelSet(), options }) ?? noChoice("number_and_label_disagree");
  }
  const others = matchesOf(keys(), rest, labelSet());
  return others.agreed.length + others.opposed.length > 0 ? noChoice("number_and_label_disagree") : null;
}

/** Collects the matches of a text among some labels, over all readings. */
function matchesOf(keys: readonly LabelKey[], text: string, labelSet: LabelSet): Matches {
  const form = plainForm(text, labelSet.contraries);
  const found = [findByBeginning(keys, form, labelSet), findNearest(keys, form, labelSet)];
  const named = [...findByWords(keys, text), ...findByPlainForm(keys, form)];
  return {
    agreed: [...named, ...found.flatMap(({ agreed }) => agreed)],
    opposed: found.flatMap(({ opposed }) => opposed),
  };
}

/** Returns the option with this number; `LAST` is the greatest number, because a person (0) is not counted. */
function withNumber(options: readonly NumberedOption[], value: number): NumberedOption | undefined {
  const n = value === LAST ? Math.max(...options.map((option) => option.n).filter((shown) => shown !== 0)) : value;
  return options.find((option) => option.n === n);
}

const wordValue = (value: number | null): { value: number; via: "word" } | null =>
  value === null ? null : { value, via: "word" };
