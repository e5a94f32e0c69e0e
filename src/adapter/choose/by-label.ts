/**
 * Answers that are a label: whole, in other words, its beginning, or with slips in it. A question is one only by the whole
 * label; in any other way it means labels that ask as well, or a person.
 */
import { type NumberedOption, PERSON_OPTION } from "../../domain/option.ts";
import type { Choice } from "../choice.ts";
import { type Answer, no } from "./answer.ts";
import { doubtful } from "./by-contrary.ts";
import { beginning, called, exactly, type Found, type LabelKey, meaning, near } from "./label.ts";
import { isNegative } from "./twins.ts";

/** The label as it stands, punctuation included. */
export function byExactLabel({ line, keys }: Answer): Choice | null {
  return oneOf(exactly(keys(), line), "label");
}

export function byLabel(answer: Answer): Choice | null {
  const { core, said, words, plain, keys, lexicon } = answer;
  const readings = [
    () => exactly(keys(), core),
    ...[said, ...words].map((text) => () => called(keys(), text)),
    ...plain().map((form) => () => meaning(keysFor(answer), form)),
    // "It works now": a word that changes nothing about a whole label.
    ...words
      .filter((text) => lexicon.tail.test(text))
      .map((text) => () => called(keysFor(answer), text.replace(lexicon.tail, ""))),
  ];
  for (const hits of readings) {
    const choice = oneOf(hits(), "label");
    if (choice !== null) return choice;
  }
  return null;
}

/** The labels that an answer may mean without being one of them letter for letter. */
const keysFor = ({ asks, keys }: Answer): readonly LabelKey[] => (asks ? keys().filter((key) => key.asks) : keys());

/** "No, it did not help": what comes before a negative label says it once more. */
export function byDenial({ plain, menu }: Answer): Choice | null {
  const { among, contraries } = menu();
  for (const { words } of plain()) {
    if (!contraries.denials.has(words[0] ?? "")) continue;
    const rest = words.slice(1);
    const hits = meaning(among, { text: rest.join(" "), words: rest });
    const negative = hits.filter((option) => isNegative(option, among, contraries));
    if (negative.length > 0) return oneOf(negative, "label");
  }
  return null;
}

export function byPersonWord({ words, options, lexicon }: Answer): Choice | null {
  const person = options.find((option) => option.id === PERSON_OPTION);
  if (person === undefined || !words.some((text) => lexicon.person.test(text))) return null;
  return { option: person.id, via: "word" };
}

export function byBeginning(answer: Answer): Choice | null {
  const { plain, menu } = answer;
  return certain(
    plain().map((form) => beginning(keysFor(answer), form, menu())),
    { answer, via: "label" },
  );
}

export function byNear(answer: Answer): Choice | null {
  const { plain, options, lexicon, menu } = answer;
  const person = options.find((option) => option.id === PERSON_OPTION);
  const forPerson =
    person === undefined ? [] : [{ option: person, exact: "", words: [], plain: lexicon.personWords, asks: true }];
  return certain(
    plain().map((form) => near([...keysFor(answer), ...forPerson], form, menu())),
    { answer, via: "near_miss" },
  );
}

/** The option of the first reading that has one for certain; else the options that it may be, where there are two. */
function certain(
  readings: readonly Found[],
  { answer, via }: { answer: Answer; via: "label" | "near_miss" },
): Choice | null {
  const within = { menu: answer.menu(), options: answer.options };
  const found = readings.find(({ agreed }) => agreed.length > 0);
  if (found === undefined) return doubtful({ agreed: [], opposed: readings.flatMap((one) => one.opposed) }, within);
  if (found.opposed.length > 0) return doubtful(found, within) ?? no("ambiguous_label");
  return careful(found.agreed, via);
}

function oneOf(hits: readonly NumberedOption[], via: "label" | "near_miss"): Choice | null {
  const [first, ...others] = hits;
  if (first === undefined) return null;
  return others.length > 0 ? no("ambiguous_label") : { option: first.id, via };
}

/** As `oneOf`, but what can't be undone needs more than part of its label. */
function careful(hits: readonly NumberedOption[], via: "label" | "near_miss"): Choice | null {
  return hits.length === 1 && hits[0]?.destructive === true ? no("free_text") : oneOf(hits, via);
}
