/** How one language names numbers, and what people write around them. One data table per language implements it. */
export interface ChoiceLanguage {
  /** BCP 47 primary subtag. */
  tag: string;
  /** Words for 0, 1, 2 … in this order. */
  numbers: readonly (readonly string[])[];
  /** Words for first, second … in this order; the first entry is for 1. */
  ordinals: readonly (readonly string[])[];
  /** What makes a digit an ordinal ("nd" in "2nd"). */
  ordinalSuffixes: readonly string[];
  /** Words for the last numbered option. */
  last: readonly string[];
  /** May stand before an ordinal or a noun ("the second"). */
  articles: readonly string[];
  /** May stand before a bare number ("die zwei"). */
  numberArticles: readonly string[];
  /** May stand before any number ("option two") and after an ordinal ("second option"). */
  nouns: readonly string[];
  /** May stand before digits only, for with words they mean something else ("no one"). */
  signs: readonly string[];
  /** May stand after an ordinal only ("the second one"). */
  pronouns: readonly string[];
  /** Say that what follows is chosen ("I choose 2"). */
  leads: readonly string[];
  /** Politeness before or after an answer. */
  courtesies: readonly string[];
  /** Between several numbers ("1 and 2"). */
  connectives: readonly string[];
  /** Words that turn a meaning round; a near-miss never adds or loses one. */
  negations: readonly string[];
  /** How people ask for a person. */
  person: {
    words: readonly string[];
    /** Mean a person only after a request ("talk to someone"). */
    afterRequest: readonly string[];
    requests: readonly string[];
    /** May end such a request ("mit einem Menschen sprechen"). */
    closings: readonly string[];
    articles: readonly string[];
  };
  /** The beginnings of the lines that mail and phone apps add, lower case. */
  signatures: readonly string[];
}
