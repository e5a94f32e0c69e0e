/** Answers that are a number, or several. */
import type { NumberedOption } from "../../domain/option.ts";
import type { Choice } from "../choice.ts";
import { type Answer, no } from "./answer.ts";
import { doubtful } from "./by-contrary.ts";
import { beginning, called, exactly, type Found, type LabelKey, type Menu, meaning, near, plainForm } from "./label.ts";
import { LAST, type Lexicon } from "./lexicon.ts";
import { hanNumber, wordsOf } from "./normalise.ts";

export function byNumber({ core, line, options, shown, lexicon, keys }: Answer): Choice | null {
  const match = lexicon.number.exec(core);
  const named = numberIn(match, lexicon) ?? wordValue(hanNumber(core));
  if (named === null) return null;
  const among = numbered(shown, named.value);
  const placed = isOrdinal(match) && shown.length < options.length ? inPlace(shown, named.value) : among;
  // Where 2 and 5 are shown alone, "the second" may be either.
  if (among !== undefined && placed !== undefined && among !== placed) return no("ambiguous_label");
  const option = among ?? placed ?? numbered(options, named.value);
  const labelled = exactly(keys(), line);
  if (option === undefined) return labelled.length > 0 ? null : no("out_of_range");
  if (labelled.some((other) => other !== option)) return no("number_and_label_disagree");
  return { option: option.id, via: named.via };
}

const isOrdinal = (match: RegExpExecArray | null): boolean =>
  (match?.groups?.["ordinal"] ?? match?.groups?.["ordinalWord"]) !== undefined;

/** The first, second … of these, a person apart. */
const inPlace = (options: readonly NumberedOption[], value: number): NumberedOption | undefined =>
  options.filter((option) => option.n !== 0)[value - 1];

/** "1 and 3", "1/2": numbers and nothing else. "2 2" is 2 said twice, "2,2" and "2/2" are something else. */
export function bySeveral({ core, options, lexicon }: Answer): Choice | null {
  if (!/^[\p{L}\d(#]/u.test(core)) return null;
  const values: number[] = [];
  for (const token of core.split(/[\s,;&/+–—-]+/u)) {
    const bare = token.replace(/^[(#]+|[.):]+$/g, "");
    if (bare === "" || lexicon.between.has(bare)) continue;
    const value = /^\d{1,2}$/.test(bare) ? Number(bare) : lexicon.values.get(bare);
    if (value === undefined) return null;
    values.push(value);
  }
  const shown = values.flatMap((value) => numbered(options, value) ?? []);
  const joined = /\d[,/+–—-]\d/u.test(core);
  if (new Set(values).size > 1) {
    // "24/7", "12-25" and "2,5" are no choices, though "1/2", "1-2" and "1,2" are.
    const enough = joined ? shown.length === values.length : shown.length > 0;
    return enough ? no("several_numbers") : null;
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

/** "2 - Delivery", as people copy a line: the label must mean the option that the number means. */
export function byNumberAndLabel({ core, options, lexicon, keys, menu }: Answer): Choice | null {
  const match = lexicon.headed.exec(core);
  const named = numberIn(match, lexicon);
  const rest = wordsOf(match?.groups?.["rest"] ?? "");
  if (named === null || rest === "") return null;
  const option = numbered(options, named.value);
  if (option !== undefined) {
    const own = readAs(
      keys().filter((key) => key.option === option),
      rest,
      menu(),
    );
    if (own.agreed.length > 0) return { option: option.id, via: named.via };
    if (own.opposed.length > 0) return doubtful(own, { menu: menu(), options }) ?? no("number_and_label_disagree");
  }
  const others = readAs(keys(), rest, menu());
  return others.agreed.length + others.opposed.length > 0 ? no("number_and_label_disagree") : null;
}

/** All that some labels have to do with a text, in any reading. */
function readAs(keys: readonly LabelKey[], text: string, menu: Menu): Found {
  const form = plainForm(text, menu.contraries);
  const found = [beginning(keys, form, menu), near(keys, form, menu)];
  const named = [...called(keys, text), ...meaning(keys, form)];
  return {
    agreed: [...named, ...found.flatMap(({ agreed }) => agreed)],
    opposed: found.flatMap(({ opposed }) => opposed),
  };
}

/** The option with this number; the last one is that with the greatest number, for a person (0) stands apart. */
function numbered(options: readonly NumberedOption[], value: number): NumberedOption | undefined {
  const n = value === LAST ? Math.max(...options.map((option) => option.n).filter((shown) => shown !== 0)) : value;
  return options.find((option) => option.n === n);
}

const wordValue = (value: number | null): { value: number; via: "word" } | null =>
  value === null ? null : { value, via: "word" };
