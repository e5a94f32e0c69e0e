/** Checks procedures that can be read: names of things that do not exist, and rules that do not do what they seem to. */
import { type Diagnostic, inFileOrder } from "../language/diagnostic.ts";
import type { Procedure } from "./definition.ts";
import { lintCode } from "./lint-code.ts";
import { lintConditions } from "./lint-conditions.ts";
import { lintFields } from "./lint-fields.ts";
import { lintFlow } from "./lint-flow.ts";
import { lintReferences } from "./lint-references.ts";
import { lintRuns } from "./lint-runs.ts";
import { type SubjectOptions, subjectOf } from "./lint-subject.ts";
import { lintTriggers } from "./lint-triggers.ts";
import { lintWords } from "./lint-words.ts";
import { lintWrites } from "./lint-writes.ts";

/**
 * Checks one procedure against everything that it can name. `partial`: some of its parts could not be read and are
 * missing, so checks that need all of them are left out.
 */
export function lint(
  procedure: Procedure,
  { partial = false, ...o }: SubjectOptions & { partial?: boolean },
): readonly Diagnostic[] {
  const subject = subjectOf(procedure, o);
  lintReferences(subject);
  lintRuns(subject);
  lintTriggers(subject);
  lintCode(subject);
  if (!partial) {
    lintFlow(subject);
    lintFields(subject);
    lintConditions(subject);
    lintWrites(subject);
    lintWords(subject);
  }
  return subject.found.toSorted(inFileOrder);
}
