import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Files that take long for their size. Vitest begins with the largest files until it has seen how long they take, and these
 * would run alone at the end.
 */
const LONG = /^test\/(?:faults|doors|e2e|jobs|outbound)\/|^test\/(?:main|store\/embedded)\.test\.ts$/;

const isLong = ({ moduleId, project }: TestSpecification): boolean =>
  LONG.test(moduleId.slice(project.config.root.length + 1));

/** Begins with the files that take longest, so that all workers end at about the same time. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
