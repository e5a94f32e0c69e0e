/**
 * Ids of the buttons, selects and dialogs of the desk. The desk renders them, `parse` reads them back, and the interactions
 * answer them.
 *
 * - A button or option that is a command by itself has the action id `desk:<command>` and the value `{"c": 12}`, with
 *   `"ref"` if it is about certain words. `parse` makes an `action` of it.
 * - A command with fields opens a dialog: action id `desk:open:<dialog>`, or an option of `desk:more`.
 * - A dialog has the callback id `desk:<dialog>`, and `{"c": 12, "seen": {…}}` as its private metadata. Its fields are
 *   blocks whose ids are in `FIELDS`, each with the action id `value`.
 * - Everything else (`desk:next`, `desk:on`, `desk:off`, `desk:refresh`, shortcuts, `/desk`) is for the interactions only.
 */
import { z } from "zod";

/** Commands that a button gives by itself. */
export const BUTTON_COMMANDS = [
  "claim",
  "unclaim",
  "take_over",
  "hand_back",
  "resolve",
  "send_held",
  "keep_held",
] as const;
export type ButtonCommand = (typeof BUTTON_COMMANDS)[number];

/** Dialogs about a case. */
export const CASE_DIALOGS = ["reply", "note", "transfer", "merge", "run"] as const;
export type CaseDialog = (typeof CASE_DIALOGS)[number];

export const actionOf = (command: ButtonCommand): string => `desk:${command}`;
export const openOf = (dialog: CaseDialog): string => `desk:open:${dialog}`;
/** The select "More…": its options have the value of a button, with `"do"`: a command or a dialog. */
export const MORE = "desk:more";
/** For the interactions only. */
export const DESK_ACTIONS = ["desk:next", "desk:start", "desk:on", "desk:off", "desk:refresh"] as const;
/** Confirmation of a merge of two people's cases, submitted like the merge dialog. */
export const MERGE_TWO = "desk:merge_two";
export const callbackOf = (dialog: CaseDialog | "start"): string => `desk:${dialog}`;
export const SHORTCUT_OPEN = "desk_open_from_message";
export const SHORTCUT_START = "desk_start";
export const COMMAND = "/desk";

/** Block ids of a dialog's fields. */
export const FIELDS = {
  reply: ["text"],
  note: ["text"],
  transfer: ["queue"],
  merge: ["into"],
  run: ["workflow"],
  start: ["channel", "to", "queue", "text"],
} as const;
export const FIELD_ACTION = "value";

/** Value of a button (Slack: 2,000 characters; 75 as a select's option). */
export const ButtonValue = z.object({ c: z.int().positive(), ref: z.string().optional(), do: z.string().optional() });
export type ButtonValue = z.infer<typeof ButtonValue>;

/** Private metadata of a dialog (Slack: 3,000 characters). */
export const DialogValue = z.object({
  c: z.int().positive(),
  seen: z.object({ holder: z.string().nullable(), queue: z.string() }),
});
/** Private metadata of the confirmation: also the case to merge into. */
export const MergeTwoValue = DialogValue.extend({ into: z.int().positive() });
export type MergeTwoValue = z.infer<typeof MergeTwoValue>;

export type DialogValue = z.infer<typeof DialogValue>;
