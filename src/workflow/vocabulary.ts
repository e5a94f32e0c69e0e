/** Words of the format that several steps or fields share. Steps and triggers stand in tables of their own. */
import type { FieldType, Priority, Resolution } from "./definition.ts";

/** Keys that every step may carry. */
export const COMMON_KEYS = ["id", "if", "retry", "timeout", "on_error"] as const;

export const PRIORITIES: readonly Priority[] = ["low", "normal", "high", "urgent"];
export const RESOLUTIONS: readonly Resolution[] = ["solved by bot", "solved by operator", "abandoned"];
export const FIELD_TYPES: readonly FieldType[] = [
  "text",
  "email",
  "phone",
  "number",
  "money",
  "date",
  "datetime",
  "choice",
  "yes_no",
  "file",
  "id",
];
