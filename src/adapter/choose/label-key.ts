import type { NumberedOption } from "../../domain/option.ts";

/** One label or alias of an option, in the forms used for comparing. */
export interface LabelKey {
  option: NumberedOption;
  /** Normalised, with its punctuation ("c++"). */
  exact: string;
  /** Letters and digits only, in each spelling ("ruckgabe", "rueckgabe"). */
  words: readonly string[];
  /** The same with every short form written out, with and without its leading subject. */
  plain: readonly PlainForm[];
  /** True of a label that is a question itself ("Where is my order?"). */
  isQuestion: boolean;
}

/** A text reduced to its words; `text` is `words`, joined by spaces. */
export interface PlainForm {
  text: string;
  words: readonly string[];
}
