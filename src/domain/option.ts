/** One choice offered to a customer. `n` is the number shown, stable for the life of the prompt; 0 is always a person. */
export interface NumberedOption {
  n: number;
  id: string;
  label: string;
  /** Other words that mean it. */
  aliases: readonly string[];
  /** True: never chosen by an approximate match. */
  destructive?: boolean;
}

/** The id of the option numbered 0: "Talk to a person". */
export const PERSON_OPTION = "person";
