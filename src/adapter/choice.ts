import type { NumberedOption } from "../domain/option.ts";

/** What was shown, kept so that an answer is read against exactly that. */
export interface ShownPrompt {
  id: string;
  options: readonly NumberedOption[];
  /** The ids of the options that were shown last, where that was not all of them; "the last one" is one of these. */
  named?: readonly string[];
  /** BCP 47 primary subtags whose words are read, most likely first ("en", "de"). */
  languages: readonly string[];
}

/** The closed list of reasons why a text is not a choice. */
export type NoChoice =
  | "no_prompt"
  | "reserved_word"
  | "empty"
  | "out_of_range"
  | "several_numbers"
  | "number_and_label_disagree"
  | "ambiguous_label"
  | "opposites"
  | "free_text";

export type Choice =
  | { option: string; via: "number" | "word" | "label" | "near_miss" }
  | { option: null; why: Exclude<NoChoice, "opposites"> }
  /** It may mean an option or its contrary; `candidates` are the ids of those it may mean, in their order. */
  | { option: null; why: "opposites"; candidates: readonly string[] };
