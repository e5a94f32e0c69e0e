import type { NumberedOption } from "../domain/option.ts";

/** A prompt as it was shown, kept so that an answer is read against exactly that. */
export interface ShownPrompt {
  id: string;
  options: readonly NumberedOption[];
  /** The ids of the options that were shown last, if not all of them; "the last one" is one of these. */
  named?: readonly string[];
  /** BCP 47 primary subtags of the languages to read, most likely first ("en", "de"). */
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
  /** The text may mean an option or its opposite; `candidates` are the ids of the possible options, in their order. */
  | { option: null; why: "opposites"; candidates: readonly string[] };
