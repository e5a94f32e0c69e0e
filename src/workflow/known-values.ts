import type { DeclaredFields } from "../language/cel.ts";

/** What every run can see, with its types: `Facts` as conditions and texts name them. */
export const KNOWN_VALUES: DeclaredFields = {
  contact: {
    id: "double",
    name: "string",
    first_name: "string",
    email: "string",
    phone: "string",
    language: "string",
    blocked: "bool",
    attributes: "map",
  },
  conversation: { id: "double", channel: "string", tags: "list<string>", opened_at: "string", link: "string" },
  message: { text: "string" },
  event: "map",
  queue: "map",
  now: "string",
  /** The id of the option chosen last. */
  choice: "dyn",
};

/** In a field's `check:`, the answer as well. */
export const CHECKED_VALUES: DeclaredFields = { ...KNOWN_VALUES, value: "dyn" };

/** Names that `save:` and `set:` may not take, because they mean something already. */
export const TAKEN_NAMES: ReadonlySet<string> = new Set([...Object.keys(KNOWN_VALUES), "value", "error"]);
