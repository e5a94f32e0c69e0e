import type { Expression, Template } from "../language/expression.ts";
import type { Step } from "./definition.ts";
import { definitionOf } from "./step-kinds.ts";

/** Every condition and text that a step reads itself, without those of the steps nested in it. */
export function readersOf(step: Step): readonly (Expression | Template)[] {
  const definition = definitionOf(step.kind);
  const texts = definition.texts(step).flatMap(({ texts }) => Object.values(texts));
  return [...(step.if === null ? [] : [step.if]), ...texts, ...definition.readers(step)];
}

/** The conditions among them. */
export function expressionsOf(step: Step): readonly Expression[] {
  return readersOf(step).filter((reader): reader is Expression => "comparisons" in reader);
}
