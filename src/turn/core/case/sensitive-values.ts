import { definitionOf } from "../../../workflow/step-kinds.ts";
import { stepPositions } from "../../../workflow/step-positions.ts";
import type { Release } from "../catalog.ts";

const cache = new WeakMap<Release, ReadonlySet<string>>();

/** Dotted names of the values that a form of this release marks as sensitive. */
export function sensitivePaths(release: Release): ReadonlySet<string> {
  const before = cache.get(release);
  if (before !== undefined) return before;
  const steps = release.workflows.flatMap((workflow) =>
    [...stepPositions(workflow).byPath.values()].map(({ step }) => step),
  );
  const questions = steps.flatMap((step) => definitionOf(step.kind).questions(step) ?? []);
  const found = new Set(questions.flatMap(({ sensitive, saves }) => (sensitive && saves !== null ? [saves] : [])));
  for (const { fields } of release.procedures)
    for (const { name, sensitive } of Object.values(fields)) if (sensitive) found.add(name);
  cache.set(release, found);
  return found;
}
