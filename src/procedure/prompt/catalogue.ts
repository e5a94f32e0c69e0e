import type { Procedure } from "../definition.ts";

/** The procedures that a model may begin, in the order of their ids. */
export function catalogueText(procedures: readonly Procedure[]): string {
  const sorted = procedures.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  return sorted.length === 0 ? "There is none." : sorted.map(entryOf).join("\n");
}

function entryOf({ id, title, trigger: { when, notWhen } }: Procedure): string {
  const not = notWhen === "" ? "" : ` Not when: ${notWhen}`;
  return `- ${id} (${title}). When: ${when}${not}`;
}
