import type { NumberedOption } from "../domain/option.ts";

/** What was shown, kept so that an answer is read against exactly that. */
export interface ShownPrompt {
  id: string;
  options: readonly NumberedOption[];
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
  | "free_text";

export type Choice =
  | { option: string; via: "number" | "word" | "label" | "near_miss" }
  | { option: null; why: NoChoice };
