/**
 * Reads a typed answer against the prompt that was shown. Deterministic, and it never guesses:
 *
 * 1. Reserved words always win: the carrier acts on them, whatever we make of them.
 * 2. Only a text that is an answer as a whole is a choice: "I have 2 problems" is not.
 * 3. Where two readings disagree, there is no choice.
 * 4. A destructive option is chosen only by its number or its whole label.
 *
 * The order of the readings below is their precedence.
 */
import { type NumberedOption, PERSON_OPTION } from "../../domain/option.ts";
import type { Choice, NoChoice, ShownPrompt } from "../choice.ts";
import { beginning, called, exactly, keysOf, type LabelKey, near } from "./label.ts";
import { isSignatureLine, LAST, type Lexicon, lexiconOf } from "./lexicon.ts";
import { hanNumber, normalise, unaccented, withoutPictures, wordsOf } from "./normalise.ts";

/** A longer text is no answer to a menu; it is read by people and models. Far above any label (24 to 80 characters). */
const MAX_ANSWER_CHARACTERS = 400;
/** Politenesses taken off one answer: "Hi, ok, 2 please, thanks". */
const MAX_ORNAMENTS = 6;

/** A text on its way to becoming a choice. */
interface Answer {
  /** Normalised, on one line, signature gone. */
  line: string;
  /** Without emoji, accents, quotes and politeness. */
  core: string;
  /** The words of `core`, without and with its leading article. */
  words: readonly string[];
  options: readonly NumberedOption[];
  lexicon: Lexicon;
  keys: () => readonly LabelKey[];
}

type Reading = (answer: Answer) => Choice | null;

const READINGS: readonly Reading[] = [
  byNumber,
  byLabel,
  byPersonWord,
  byNumberAndLabel,
  bySeveral,
  byBeginning,
  byNear,
];

/**
 * Which option `text` means. `reservedWords`: those of the channel, lower case, compared with the whole message.
 * Total over any text; about ten microseconds for a short answer.
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

  const lexicon = lexiconOf(prompt.languages);
  const core = coreOf(line, lexicon);
  const words = [...new Set([wordsOf(core), wordsOf(core.replace(lexicon.article, ""))])];
  const keys = once(() => keysOf(prompt.options));
  const read: Answer = { line, core, words, options: prompt.options, lexicon, keys };
  for (const reading of READINGS) {
    const choice = reading(read);
    if (choice !== null) return choice;
  }
  return no("free_text");
}

function byNumber({ core, line, options, lexicon, keys }: Answer): Choice | null {
  const named = numberIn(lexicon.number.exec(core), lexicon) ?? wordValue(hanNumber(core));
  if (named === null) return null;
  const option = numbered(options, named.value);
  const labelled = exactly(keys(), line);
  if (option === undefined) return labelled.length > 0 ? null : no("out_of_range");
  if (labelled.some((other) => other !== option)) return no("number_and_label_disagree");
  return { option: option.id, via: named.via };
}

function byLabel({ line, core, words, keys }: Answer): Choice | null {
  for (const text of [line, core]) {
    const hits = exactly(keys(), text);
    if (hits.length > 0) return oneOf(hits, "label");
  }
  for (const text of [wordsOf(unaccented(line)), ...words]) {
    const hits = called(keys(), text);
    if (hits.length > 0) return oneOf(hits, "label");
  }
  return null;
}

function byPersonWord({ words, options, lexicon }: Answer): Choice | null {
  const person = options.find((option) => option.id === PERSON_OPTION);
  if (person === undefined || !words.some((text) => lexicon.person.test(text))) return null;
  return { option: person.id, via: "word" };
}

/** "2 - Delivery", as people copy a line: the label must mean the option that the number means. */
function byNumberAndLabel({ core, options, lexicon, keys }: Answer): Choice | null {
  const match = lexicon.headed.exec(core);
  const named = numberIn(match, lexicon);
  const rest = wordsOf(match?.groups?.["rest"] ?? "");
  if (named === null || rest === "") return null;
  const option = numbered(options, named.value);
  const own = keys().filter((key) => key.option === option);
  const agrees = [called(own, rest), beginning(own, rest), near(own, rest, lexicon.negations)].flat();
  if (option !== undefined && agrees.length > 0) return { option: option.id, via: named.via };
  const others = [called(keys(), rest), beginning(keys(), rest), near(keys(), rest, lexicon.negations)].flat();
  return others.length > 0 ? no("number_and_label_disagree") : null;
}

/** "1 and 3", "1/2": numbers and nothing else. "2 2" is 2 said twice, "2,2" and "2/2" are something else. */
function bySeveral({ core, options, lexicon }: Answer): Choice | null {
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

function byBeginning({ words, keys }: Answer): Choice | null {
  return words
    .map((text) => beginning(keys(), text))
    .reduce<Choice | null>((found, hits) => found ?? careful(hits, "label"), null);
}

function byNear({ words, options, lexicon, keys }: Answer): Choice | null {
  const person = options.find((option) => option.id === PERSON_OPTION);
  const asked = person === undefined ? [] : [{ option: person, exact: "", words: lexicon.personWords }];
  const all = [...keys(), ...asked];
  return words
    .map((text) => near(all, text, lexicon.negations))
    .reduce<Choice | null>((found, hits) => found ?? careful(hits, "near_miss"), null);
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

function numberIn(match: RegExpExecArray | null, lexicon: Lexicon): { value: number; via: "number" | "word" } | null {
  const groups = match?.groups;
  if (groups === undefined) return null;
  const digits = groups["digits"] ?? groups["marked"] ?? groups["ordinal"];
  if (digits !== undefined) return { value: Number(digits), via: "number" };
  return wordValue(lexicon.values.get(groups["word"] ?? groups["ordinalWord"] ?? "") ?? null);
}

const wordValue = (value: number | null): { value: number; via: "word" } | null =>
  value === null ? null : { value, via: "word" };

/** The option with this number; the last one is that with the greatest number, for a person (0) stands apart. */
function numbered(options: readonly NumberedOption[], value: number): NumberedOption | undefined {
  const n = value === LAST ? Math.max(...options.map((option) => option.n)) : value;
  return options.find((option) => option.n === n);
}

/** Without the lines that a phone or a mail program put under the answer. */
function withoutSignature(text: string): string {
  const lines = text.trim().split(/\r?\n/);
  const end = lines.findIndex(
    (line, at) => at > 0 && (/^--\s*$/.test(line) || isSignatureLine(line.trim().toLowerCase())),
  );
  return (end < 0 ? lines : lines.slice(0, end)).join("\n").trim();
}

function coreOf(line: string, lexicon: Lexicon): string {
  let core = withoutEdges(unaccented(withoutPictures(line)));
  for (let ornaments = 0; ornaments < MAX_ORNAMENTS; ornaments++) {
    const open = core.replace(lexicon.closing, "");
    const less = withoutEdges(open === core ? core.replace(lexicon.opening, "") : open);
    if (less === core || less === "") return core;
    core = less;
  }
  return core;
}

/** Without the quotes, brackets, emphasis and full stops around an answer; a sign that changes a number stays. */
function withoutEdges(text: string): string {
  return text.replace(/^[\s"'“”„‚‘«»‹›*_`([{<•·]+|[\s"'“”‘’«»‹›*_`)\]}.:!,;]+$/gu, "");
}

function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}

const no = (why: NoChoice): Choice => ({ option: null, why });
