import type { Budget } from "./budget.ts";
import type { Position } from "./diagnostic.ts";

/** What conditions and templates may see: names to plain JSON values. */
export type Values = Readonly<Record<string, unknown>>;

/** A value that an expression or template reads: `contact.first_name` is ["contact", "first_name"]. */
export interface Use {
  path: readonly string[];
  /** In the file. */
  position: Position;
}

/** A value held against a fixed text (`topic == "billing"`), so that the text can be checked against what was declared. */
export interface Comparison {
  path: readonly string[];
  text: string;
  position: Position;
}

/** Hears, in one sentence, why a text or a condition came to nothing. */
export type OnFault = (message: string) => void;

/** A compiled CEL expression. A missing key makes a condition false instead of failing. Never throws. */
export interface Expression {
  readonly source: string;
  readonly uses: readonly Use[];
  readonly comparisons: readonly Comparison[];
  /**
   * The value, or undefined where it is unknown (a key was missing, types did not fit). `onFault` hears where the budget
   * was spent; without a budget it has one of its own.
   */
  evaluate(values: Values, onFault?: OnFault, budget?: Budget): unknown;
}

/** A compiled Liquid template. Never throws: what is missing renders as nothing, and so does what broke a limit. */
export interface Template {
  readonly source: string;
  readonly uses: readonly Use[];
  /** `onFault` hears why nothing could be rendered. Without a budget it has one of its own. */
  render(values: Values, onFault?: OnFault, budget?: Budget): string;
}

/** The number of the diagnostic of what is seen to cost too much before it is ever evaluated: W018. */
export const COSTLY = "018";

/** Why a text could not be compiled. */
export interface SourceFault {
  /** Into the text, UTF-16 units. */
  offset: number;
  message: string;
  /** The number of its diagnostic, where it has one of its own ("017"). */
  number?: string;
}

/** Maps an offset into the text to its place in the file. */
export type Locate = (offset: number) => Position;
