import type { Expression, Template } from "../language/expression.ts";
import type { Option, Step, StepBase, StepKind, StepOf, Texts } from "./definition.ts";
import type { LintWorld, Subject } from "./lint-subject.ts";
import type { CallResult, Reply, Wait } from "./run.ts";
import type { Setting } from "./setting.ts";
import type { StepEntry } from "./step-entry.ts";
import type { StepOutcome, Walk } from "./walk.ts";

/**
 * One kind of step: everything that reading, checking and walking a workflow need to know about it. Code that handles
 * any step asks its definition (`definitionOf` in `step-kinds.ts`) instead of distinguishing kinds.
 */
export interface StepDefinition<Kind extends StepKind> {
  /** YAML keys that may stand beside the step's name, without those that every step may carry. */
  readonly keys: readonly string[];
  /** Makes the step from its name alone (`- stop`); left out by steps that need a value. */
  bare?(base: StepBase): StepOf<Kind>;
  /** Reads the step. Reports every fault, and returns null if no step can be built. */
  parse(entry: StepEntry): StepOf<Kind> | null;

  /** Lists of steps nested in it, in the file's order, without `on_error:`. */
  children(step: StepOf<Kind>): readonly (readonly Step[])[];
  /** Its own texts for customers, without those of nested steps. */
  texts(step: StepOf<Kind>): readonly PlacedTexts[];
  /** Its other texts and its conditions, without `if:`. */
  readers(step: StepOf<Kind>): readonly (Expression | Template)[];
  /** Values that it sets, and what each of them can be. */
  settings(step: StepOf<Kind>, world: LintWorld): readonly Setting[];
  /** Questions that it puts to the customer; null for a step that asks nothing. */
  questions(step: StepOf<Kind>): readonly Question[] | null;
  /** The way on from it, for the checks of loops and of steps that are never reached. */
  flow(step: StepOf<Kind>): Flow;

  /** Values that only its own texts and conditions can read; left out if there are none. */
  ownValues?(step: StepOf<Kind>): readonly Setting[];
  /** Fixed texts that it compares a value with outside conditions; left out if there are none. */
  comparisons?(step: StepOf<Kind>): readonly PlacedComparison[];
  /** Checks of this kind of step alone; left out if there are none. */
  lint?(subject: Subject, step: StepOf<Kind>): void;

  /** Takes the step; its `if:` holds. */
  run(walk: Walk, step: StepOf<Kind>): StepOutcome;
  /** Handles a customer's reply while the run waits here; null: the step does not wait for one. */
  onReply?(walk: Walk, step: StepOf<Kind>, o: { wait: Wait; reply: Reply }): StepOutcome | null;
  /** Handles the result of the call that the run waits for here. */
  onAnswer?(walk: Walk, step: StepOf<Kind>, answer: { ask: string; result: CallResult }): StepOutcome;
  /** Handles an alarm while the run waits here; null: it is not the step's own, and ends only a plain wait. */
  onAlarm?(walk: Walk, step: StepOf<Kind>, o: { wait: Wait; alarm: string }): StepOutcome | null;
}

/** A text, and the keys under the step that it may stand under. */
export interface PlacedTexts {
  texts: Texts;
  keys: readonly string[];
}

/** A value under a dotted path, compared with a fixed text that stands under one of the step's keys. */
export interface PlacedComparison {
  path: string;
  text: string;
  keys: readonly string[];
}

export interface Question {
  options: readonly Option[];
  /** Keys under the step that the options may stand under. */
  keys: readonly string[];
  /** True if the customer can choose "0" for a person. */
  person: boolean;
  /** True if any text is an answer, so that only a person can understand it. */
  freeText: boolean;
  /** Dotted path that the answer is saved under; null: it is not saved. */
  saves: string | null;
  sensitive: boolean;
}

/** The way on from a step that was taken. */
export type Flow =
  /** To the step after it, at once. */
  | { kind: "next" }
  /** Onward, but possibly only after a wait for a person or a time. */
  | { kind: "waits" }
  | { kind: "ends" }
  /** To the step with this id. */
  | { kind: "goto"; target: string }
  /** Into one of these lists, at once; past an empty one to the step after it. */
  | { kind: "branches"; lists: readonly (readonly Step[])[] };

/** For a step that has no children, texts, readers or settings. */
export const none = (): readonly never[] => [];
/** For a step that asks nothing. */
export const noQuestions = (): null => null;
/** For a step that leads to the step after it. */
export const leadsOn = (): Flow => ({ kind: "next" });
/** For a step after which nothing of its list is taken. */
export const endsFlow = (): Flow => ({ kind: "ends" });
/** For a step that waits before it leads on. */
export const waitsFirst = (): Flow => ({ kind: "waits" });
