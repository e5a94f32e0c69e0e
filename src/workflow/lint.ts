/**
 * Checks workflows that can be read: names of things that do not exist, steps that are never reached, labels that a
 * channel cannot show. `codes.ts` lists every finding.
 */
import { type Diagnostic, inFileOrder } from "../language/diagnostic.ts";
import type { Workflow } from "./definition.ts";
import { lintCalls } from "./lint-calls.ts";
import { lintFlow } from "./lint-flow.ts";
import { lintOptions } from "./lint-options.ts";
import { lintReferences } from "./lint-references.ts";
import type { LintWorld, Subject } from "./lint-subject.ts";
import { lintTexts } from "./lint-texts.ts";
import { lintValues } from "./lint-values.ts";
import { lintWords } from "./lint-words.ts";
import { definitionOf } from "./step-kinds.ts";
import { stepPositions } from "./step-positions.ts";

/**
 * Checks one workflow against everything that it can name. `partial`: some of its steps could not be read and are
 * missing, so checks that need all of them (values, goto targets, reachable steps) are left out.
 */
export function lint(workflow: Workflow, world: LintWorld, options: { partial?: boolean } = {}): readonly Diagnostic[] {
  const steps = [...stepPositions(workflow).byPath.values()];
  const subject: Subject = { workflow, world, partial: options.partial ?? false, steps, found: [] };
  for (const { step } of steps) definitionOf(step.kind).lint?.(subject, step);
  lintReferences(subject);
  lintCalls(subject);
  lintOptions(subject);
  lintTexts(subject);
  if (!subject.partial) {
    lintFlow(subject);
    lintValues(subject);
    lintWords(subject);
  }
  return subject.found.toSorted(inFileOrder);
}
