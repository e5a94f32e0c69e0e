import { stepPositions } from "../../../workflow/step-positions.ts";
import type { Release } from "../catalog.ts";

const known = new WeakMap<Release, ReadonlySet<string>>();

/** Dotted names of the values that any form of this release calls sensitive. */
export function sensitivePaths(release: Release): ReadonlySet<string> {
  const before = known.get(release);
  if (before !== undefined) return before;
  const steps = release.workflows.flatMap((workflow) =>
    [...stepPositions(workflow).byPath.values()].map(({ step }) => step),
  );
  const paths = steps.flatMap((step) => {
    if (step.kind !== "collect") return [];
    const sensitive = step.fields.filter((field) => field.sensitive);
    return sensitive.map(({ name }) => (step.save === null ? name : `${step.save}.${name}`));
  });
  const found = new Set(paths);
  known.set(release, found);
  return found;
}
