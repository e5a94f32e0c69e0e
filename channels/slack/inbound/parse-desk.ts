/** Parses operators' presses and submitted dialogs as commands (their ids are in desk/view/actions.ts). */

import { DeskCommand } from "../../../src/adapter/desk-command.ts";
import { toNormalForm } from "../../../src/domain/normal-form.ts";
import {
  BUTTON_COMMANDS,
  ButtonValue,
  CASE_DIALOGS,
  type CaseDialog,
  callbackOf,
  DialogValue,
  FIELD_ACTION,
  FIELDS,
  MERGE_TWO,
  MergeTwoValue,
  MORE,
} from "../desk/view/actions.ts";
import type { Action, Field, Interaction } from "./interaction-body.ts";
import { jsonOf } from "./json.ts";
import { readEmoji } from "./text-in.ts";

export interface CaseCommand {
  conversation: number;
  command: DeskCommand;
}

/** Parses a button or option that is a command by itself. null: for the interactions; "bad_value": not a value of ours. */
export function commandOfButton(action: Action): CaseCommand | "bad_value" | null {
  const more = action.action_id === MORE;
  const value = ButtonValue.safeParse(jsonOf((more ? action.selected_option?.value : action.value) ?? "")).data;
  const name = more ? value?.do : action.action_id.replace(/^desk:/, "");
  const command = BUTTON_COMMANDS.find((one) => one === name);
  if (command === undefined) return null;
  const aboutWords = command === "send_held" || command === "keep_held";
  return caseCommand(value?.c, { kind: command, ...(aboutWords ? { ref: value?.ref } : {}) });
}

/** Parses a submitted dialog about a case. null: for the interactions; "bad_value": not a value of ours. */
export function commandOfDialog(view: NonNullable<Interaction["view"]>): CaseCommand | "bad_value" | null {
  if (view.callback_id === MERGE_TWO) {
    const value = MergeTwoValue.safeParse(jsonOf(view.private_metadata ?? "")).data;
    return caseCommand(value?.c, { kind: "merge", into: value?.into, twoPeople: true });
  }
  const dialog = CASE_DIALOGS.find((one) => callbackOf(one) === view.callback_id);
  if (dialog === undefined) return null;
  const known = DialogValue.safeParse(jsonOf(view.private_metadata ?? "")).data;
  const given = view.state?.values[FIELDS[dialog][0]]?.[FIELD_ACTION];
  return caseCommand(known?.c, commandFields(dialog, { given, seen: known?.seen }));
}

function commandFields(
  dialog: CaseDialog,
  o: { given: Field | undefined; seen: DialogValue["seen"] | undefined },
): object {
  const picked = o.given?.selected_option?.value ?? o.given?.value ?? "";
  const { seen } = o;
  switch (dialog) {
    case "reply":
    case "note":
      // Slack sends a field's text as typed, except for emoji.
      return { kind: dialog, text: toNormalForm(readEmoji(picked), "NFC"), seen };
    case "transfer":
      return { kind: dialog, queue: picked, seen };
    case "run":
      return { kind: dialog, workflow: picked, seen };
    case "merge":
      return { kind: dialog, into: Number(picked.replace(/^\s*#?/, "")) };
  }
}

function caseCommand(conversation: number | undefined, fields: object): CaseCommand | "bad_value" {
  const command = DeskCommand.safeParse(fields).data;
  return conversation === undefined || command === undefined ? "bad_value" : { conversation, command };
}
