import type { DeclaredFields } from "./cel.ts";

/** Types of the facts that conditions and texts can read everywhere: the event, and what is stored. */
export const FACTS = {
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
  now: "string",
} as const satisfies DeclaredFields;
