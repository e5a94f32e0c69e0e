/** Words of one language for reading an answer: numbers, and the words around them. One data table per language. */
export interface ChoiceLanguage {
  /** BCP 47 primary subtag. */
  tag: string;
  /** Words for 0, 1, 2 … in this order. */
  numbers: readonly (readonly string[])[];
  /** Words for first, second … in this order; the first entry is for 1. */
  ordinals: readonly (readonly string[])[];
  /** Suffixes that make a digit an ordinal ("nd" in "2nd"). */
  ordinalSuffixes: readonly string[];
  /** Words for the last numbered option. */
  last: readonly string[];
  /** May stand before an ordinal or a noun ("the second"). */
  articles: readonly string[];
  /** May stand before a bare number ("die zwei"). */
  numberArticles: readonly string[];
  /** May stand before any number ("option two") and after an ordinal ("second option"). */
  nouns: readonly string[];
  /** May stand before digits only; before words they mean something else ("no one"). */
  signs: readonly string[];
  /** May stand after an ordinal only ("the second one"). */
  pronouns: readonly string[];
  /** Introduce a choice ("I choose 2"). */
  leads: readonly string[];
  /** Politeness before or after an answer. */
  courtesies: readonly string[];
  /** May follow a whole label and change nothing ("it works now"). */
  tails: readonly string[];
  /** Between several numbers ("1 and 2"). */
  connectives: readonly string[];
  /** Beginnings of questions: each of `words`, alone or before each of `before`. */
  questions: readonly { words: readonly string[]; before?: readonly string[] }[];
  /** Negations and opposites. */
  polarity: Polarity;
  /** Ways to ask for a person. */
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

/** Words of one language that tell a thing from its opposite. */
export interface Polarity {
  /** Words that reverse a meaning; no reading adds, drops or corrects one. */
  negations: readonly string[];
  /** Contractions and the like, without apostrophes, with their long form ("cannot": "can not"). */
  shortFor: Readonly<Record<string, string>>;
  /** Pairs of opposites ("with", "without"). */
  contraries: readonly (readonly [string, string])[];
  /** Pairs of prefixes that make opposites ("in-" and "out-"; "" and "un-"). */
  contraryPrefixes: readonly (readonly [string, string])[];
  /** Words that do not tell what a sentence is about ("do", "the"). */
  fillers: readonly string[];
  /** Fillers that people leave out at the head of an answer ("it" in "it did not help"). */
  subjects: readonly string[];
  /** Words that say yes, and those that say no, as a whole answer. */
  assents: readonly string[];
  denials: readonly string[];
  /** Labels that stand for all the rest, and so have no opposite ("Something else"). */
  catchAlls: readonly string[];
}
