/** A text on its way to becoming a choice: what of it is an answer, without what people and programs put around it. */
import type { NumberedOption } from "../../domain/option.ts";
import type { Choice, NoChoice, ShownPrompt } from "../choice.ts";
import { keysOf, type LabelKey, type Menu, type PlainForm, plainForm } from "./label.ts";
import { isSignatureLine, type Lexicon } from "./lexicon.ts";
import { saysNoInPictures, spokenPictures, unaccented, withoutPictures, wordsOf } from "./normalise.ts";
import { asks } from "./question.ts";

/** Politenesses taken off one answer: "Hi, ok, 2 please, thanks". */
const MAX_ORNAMENTS = 6;

export interface Answer {
  /** Normalised, on one line, signature gone. */
  line: string;
  /** The words of `line`, with the pictures that say yes or no. */
  said: string;
  /** Without emoji, accents, quotes and politeness. */
  core: string;
  /** The words of `core`, without and with its leading article. */
  words: readonly string[];
  /** `words` with every short form written out. */
  plain: () => readonly PlainForm[];
  /** True of a question, which states no option, though it may look like one. */
  asks: boolean;
  options: readonly NumberedOption[];
  /** Those of the options that were shown last. */
  shown: readonly NumberedOption[];
  lexicon: Lexicon;
  keys: () => readonly LabelKey[];
  /** What its words are read against. */
  menu: () => Menu;
}

/** Takes one normalised line apart. */
export function answerOf(line: string, { options, named }: ShownPrompt, lexicon: Lexicon): Answer {
  const shown = named === undefined ? options : options.filter(({ id }) => named.includes(id));
  // A label may itself begin with such a picture ("❌ Cancel").
  const pictured = options.some(({ label }) => saysNoInPictures(label));
  const spoken = pictured ? line : spokenPictures(line);
  const core = coreOf(spoken, lexicon);
  const words = [...new Set([wordsOf(core), wordsOf(core.replace(lexicon.article, ""))])];
  const keys = once(() => keysOf(options, lexicon));
  const menu = once(() => ({ among: keys(), contraries: lexicon.contraries }));
  const plain = once(() => words.map((text) => plainForm(text, lexicon.contraries)));
  const said = wordsOf(unaccented(spoken));
  return { line, said, core, words, plain, asks: asks(line, words, lexicon), options, shown, lexicon, keys, menu };
}

/** Without the lines that a phone or a mail program put under the answer. */
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

/** Without the quotes, brackets, emphasis and full stops around an answer; a sign that changes a number stays, and a question mark counts apart. */
function withoutEdges(text: string): string {
  return text.replace(/^[\s"'“”„‚‘«»‹›*_`([{<•·¿]+|[\s"'“”‘’«»‹›*_`)\]}.:!,;?؟‽]+$/gu, "");
}

function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}

/** No choice, and why. */
export const no = (why: Exclude<NoChoice, "opposites">): Choice => ({ option: null, why });
