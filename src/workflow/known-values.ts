import type { DeclaredFields } from "../language/cel.ts";
import { FACTS } from "../language/facts.ts";

/** Types of the values that every run can read: `Facts`, by their names in conditions and texts. */
export const KNOWN_VALUES: DeclaredFields = {
  ...FACTS,
  event: "map",
  queue: "map",
  /** Id of the option that was chosen last. */
  choice: "dyn",
};

/** Types of the values in a field's `check:`, the answer among them. */
export const CHECKED_VALUES: DeclaredFields = { ...KNOWN_VALUES, value: "dyn" };

/** Names that `save:` and `set:` cannot use, because they have a meaning already. */
export const TAKEN_NAMES: ReadonlySet<string> = new Set([...Object.keys(KNOWN_VALUES), "value", "error"]);
