/** What operators press and hand in at the desk, read back as commands (desk/actions.ts names it all). */

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

export interface Ordered {
  conversation: number;
  command: DeskCommand;
}

/** A button or an option that is a command by itself. null: it is the front's; "bad_value": it holds none of our values. */
export function ordered(action: Action): Ordered | "bad_value" | null {
  const more = action.action_id === MORE;
  const value = ButtonValue.safeParse(jsonOf((more ? action.selected_option?.value : action.value) ?? "")).data;
  const name = more ? value?.do : action.action_id.replace(/^desk:/, "");
  const command = BUTTON_COMMANDS.find((one) => one === name);
  if (command === undefined) return null;
  const aboutWords = command === "send_held" || command === "keep_held";
  return order(value?.c, { kind: command, ...(aboutWords ? { ref: value?.ref } : {}) });
}

/** A dialog about a case. null: it is the front's. */
export function handedIn(view: NonNullable<Interaction["view"]>): Ordered | "bad_value" | null {
  if (view.callback_id === MERGE_TWO) {
    const value = MergeTwoValue.safeParse(jsonOf(view.private_metadata ?? "")).data;
    return order(value?.c, { kind: "merge", into: value?.into, twoPeople: true });
  }
  const dialog = CASE_DIALOGS.find((one) => callbackOf(one) === view.callback_id);
  if (dialog === undefined) return null;
  const known = DialogValue.safeParse(jsonOf(view.private_metadata ?? "")).data;
  const given = view.state?.values[FIELDS[dialog][0]]?.[FIELD_ACTION];
  return order(known?.c, asked(dialog, { given, seen: known?.seen }));
}

function asked(dialog: CaseDialog, o: { given: Field | undefined; seen: DialogValue["seen"] | undefined }): object {
  const picked = o.given?.selected_option?.value ?? o.given?.value ?? "";
  const { seen } = o;
  switch (dialog) {
    case "reply":
    case "note":
      // What is typed into a field comes as it was typed, but for emoji.
      return { kind: dialog, text: toNormalForm(readEmoji(picked), "NFC"), seen };
    case "transfer":
      return { kind: dialog, queue: picked, seen };
    case "run":
      return { kind: dialog, workflow: picked, seen };
    case "merge":
      return { kind: dialog, into: Number(picked.replace(/^\s*#?/, "")) };
  }
}

function order(conversation: number | undefined, asked: object): Ordered | "bad_value" {
  const command = DeskCommand.safeParse(asked).data;
  return conversation === undefined || command === undefined ? "bad_value" : { conversation, command };
}
