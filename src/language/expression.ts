import type { Budget } from "./budget.ts";
import type { Position } from "./diagnostic.ts";

/** Values that conditions and templates can read: plain JSON by name. */
export type Values = Readonly<Record<string, unknown>>;

/** A value that an expression or template reads: `contact.first_name` is ["contact", "first_name"]. */
export interface Use {
  path: readonly string[];
  /** Position in the file. */
  position: Position;
}

/** A value compared with a fixed text (`topic == "billing"`), for checking that the value can be this text. */
export interface Comparison {
  path: readonly string[];
  text: string;
  position: Position;
}

/** Receives one sentence with the reason for which a text or a condition has no value. */
export type OnFault = (message: string) => void;

/** A compiled CEL expression. Never throws: with a missing key a condition is undefined, which counts as false. */
export interface Expression {
  readonly source: string;
  /** Type of its value in the words of CEL ("double", "bool"); "dyn" if only an evaluation can tell. */
  readonly type: string;
  readonly uses: readonly Use[];
  readonly comparisons: readonly Comparison[];
  /**
   * The value, or undefined if a key is missing, types do not fit or the budget is spent. `onFault` is called only in
   * the last case. Without a budget the evaluation has one of its own.
   */
  evaluate(values: Values, onFault?: OnFault, budget?: Budget): unknown;
}

/** A compiled Liquid template. Never throws: a missing value renders as nothing, and so does a text past a limit. */
export interface Template {
  readonly source: string;
  readonly uses: readonly Use[];
  /** `onFault` is called if nothing could be rendered. Without a budget the rendering has one of its own. */
  render(values: Values, onFault?: OnFault, budget?: Budget): string;
}

/** Number of the diagnostic for conditions and texts that cost too much by their text alone: W018. */
export const COSTLY = "018";

/** A fault that keeps a source from being compiled. */
export interface SourceFault {
  /** Offset in the source, in UTF-16 units. */
  offset: number;
  message: string;
  /** Number of its diagnostic if it has a special one ("017"). */
  number?: string;
}

/** Maps an offset in the source to its position in the file. */
export type Locate = (offset: number) => Position;
