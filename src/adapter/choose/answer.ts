/** Reduces a typed text to the answer in it, without the words and lines that people and programs put around it. */
import type { NumberedOption } from "../../domain/option.ts";
import type { Choice, NoChoice, ShownPrompt } from "../choice.ts";
import { type LabelSet, labelKeys, plainForm } from "./label.ts";
import type { LabelKey, PlainForm } from "./label-key.ts";
import { isSignatureLine, type Lexicon } from "./lexicon.ts";
import { saysNoInPictures, spokenPictures, unaccented, withoutPictures, wordsOf } from "./normalise.ts";
import { isQuestion } from "./question.ts";

/** The most courtesies removed from one answer: "Hi, ok, 2 please, thanks". */
const MAX_ORNAMENTS = 6;

export interface TypedAnswer {
  /** The text, normalised, on one line, without its signature. */
  line: string;
  /** The words of `line`, with emoji that mean yes or no as words. */
  lineWords: string;
  /** `line` without emoji, accents, quotes and courtesies. */
  core: string;
  /** The words of `core`, without and with its leading article. */
  words: readonly string[];
  /** `words` with every short form written out. */
  plain: () => readonly PlainForm[];
  /** True of a question, which chooses no option though it may look like one. */
  isQuestion: boolean;
  options: readonly NumberedOption[];
  /** The options that were shown last. */
  shown: readonly NumberedOption[];
  lexicon: Lexicon;
  keys: () => readonly LabelKey[];
  /** The labels that its words are compared with. */
  labelSet: () => LabelSet;
}

/** Builds the answer of one normalised line. */
export function answerOf(line: string, { options, named }: ShownPrompt, lexicon: Lexicon): TypedAnswer {
  const shown = named === undefined ? options : options.filter(({ id }) => named.includes(id));
  // A label may itself begin with such an emoji ("❌ Cancel").
  const pictured = options.some(({ label }) => saysNoInPictures(label));
  const spoken = pictured ? line : spokenPictures(line);
  const core = coreOf(spoken, lexicon);
  const words = [...new Set([wordsOf(core), wordsOf(core.replace(lexicon.article, ""))])];
  const keys = once(() => labelKeys(options, lexicon));
  const labelSet = once(() => ({ among: keys(), contraries: lexicon.contraries }));
  const plain = once(() => words.map((text) => plainForm(text, lexicon.contraries)));
  const lineWords = wordsOf(unaccented(spoken));
  return {
    line,
    lineWords,
    core,
    words,
    plain,
    isQuestion: isQuestion(line, words, lexicon),
    options,
    shown,
    lexicon,
    keys,
    labelSet,
  };
}

/** Removes the lines that a phone or a mail program added under the answer. */
export function withoutSignature(text: string): string {
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

/** Removes quotes, brackets, emphasis and punctuation around an answer, but no sign that changes a number. */
function withoutEdges(text: string): string {
  return text.replace(/^[\s"'“”„‚‘«»‹›*_`([{<•·¿]+|[\s"'“”‘’«»‹›*_`)\]}.:!,;?؟‽]+$/gu, "");
}

function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}

/** Returns no choice, for this reason. */
export const noChoice = (why: Exclude<NoChoice, "opposites">): Choice => ({ option: null, why });
