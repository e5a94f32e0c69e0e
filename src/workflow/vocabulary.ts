/** Every word of the format: what this version runs, and what the design has and this version refuses by name. */
import type { FieldType, Priority, Resolution, StepKind } from "./definition.ts";

export const STEP_KEYS: Readonly<Record<StepKind, readonly string[]>> = {
  say: ["per_channel"],
  ask: ["save", "options", "free_text", "person", "remind_after", "give_up_after", "on_give_up"],
  collect: ["fields", "save", "give_up_after", "on_give_up"],
  if: ["then", "else"],
  switch: ["cases", "else"],
  set: [],
  tag: [],
  note: [],
  use: ["with", "save"],
  workflow: ["with"],
  handoff: ["priority", "say", "summary"],
  wait: ["for", "unless"],
  close: ["say", "resolution"],
  goto: [],
  stop: [],
};
export const STEP_NAMES = Object.keys(STEP_KEYS) as readonly StepKind[];
/** Keys that every step may carry. */
export const COMMON_KEYS = ["id", "if", "retry", "timeout", "on_error"] as const;
export const LATER_STEPS = [
  "classify",
  "extract",
  "summarize",
  "draft",
  "detect_language",
  "translate",
  "parallel",
  "for_each",
  "untag",
  "attribute",
  "priority",
  "title",
  "assign",
  "procedure",
  "approve",
  "notify",
  "open",
  "csat",
  "snooze",
] as const;

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
