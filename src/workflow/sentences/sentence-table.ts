/** The sentences that the engine itself says to customers; each language has them all. All other texts are the admin's. */
import type { NoChoice } from "../../adapter/choice.ts";
import type { FieldType } from "../definition.ts";

export interface Sentences {
  // Asking.
  person: string;
  yes: string;
  no: string;
  reminder: string;
  nothingBefore: string;
  /** The reason for asking again, and how to answer. `range` is null if options are buttons without numbers. */
  again: (why: Exclude<NoChoice, "opposites">, range: Range | null) => string;
  /** Names the options that an answer can have meant. */
  didYouMean: (labels: readonly string[]) => string;
  field: Readonly<Record<FieldType, string>>;
  /** Stands under options that are shown as numbers. */
  footer: string;
  stalePrompt: string;
  answeredPrompt: string;
  foreignPrompt: string;
  // People.
  handoff: string;
  closed: string;
  closedUntil: (opensAt: string) => string;
  anotherColleague: string;
  correction: (text: string) => string;
}

export interface Range {
  lowest: number;
  highest: number;
}
