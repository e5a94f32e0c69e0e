/** Building blocks of dialogs and the home page. Text from outside is `plain_text` without emoji: no links or mentions. */
import type {
  Button,
  HeaderBlock,
  InputBlock,
  PlainTextElement,
  PlainTextOption,
  SectionBlock,
  StaticSelect,
} from "@slack/types";
import { MAX_LABEL_CHARACTERS, MAX_SECTION_CHARACTERS, MAX_SELECT_OPTIONS } from "../../limits.ts";
import { FIELD_ACTION } from "./actions.ts";
import { plain } from "./blocks.ts";
import { MAX_FIELD_CHARACTERS, MAX_HEADER_CHARACTERS } from "./view-limits.ts";
import { clip, oneLine } from "./words.ts";

export interface Choice {
  value: string;
  label: string;
  /** A second, lighter line. */
  more?: string;
}

/** Action id of link buttons; Slack reports their presses too. */
export const LINK_ACTION = "desk:link";

export const section = (text: string): SectionBlock => ({
  type: "section",
  text: plain(clip(text, MAX_SECTION_CHARACTERS)),
});

export const header = (text: string): HeaderBlock => ({
  type: "header",
  text: plain(oneLine(text, MAX_HEADER_CHARACTERS)),
});

export const button = (label: string, action: string): Button => ({
  type: "button",
  text: plain(label),
  action_id: action,
});

export const linkButton = (label: string, url: string): Button => ({ ...button(label, LINK_ACTION), url });

/** Renders a required text field. */
export function textField(block: string, label: string, o: { hint?: string; multiline?: boolean } = {}): InputBlock {
  const element = {
    type: "plain_text_input",
    action_id: FIELD_ACTION,
    multiline: o.multiline ?? false,
    max_length: MAX_FIELD_CHARACTERS,
  } as const;
  const hint = o.hint === undefined ? {} : { hint: plain(o.hint) };
  return { type: "input", block_id: block, label: plain(label), element, ...hint };
}

/** Renders a select; `chosen` is the preselected value. Needs at least one choice. */
export function selectField(
  block: string,
  label: string,
  o: { choices: readonly Choice[]; chosen?: string },
): InputBlock {
  const fitting = o.choices.filter(({ value }) => value.length <= MAX_LABEL_CHARACTERS);
  const options = fitting.map(optionOf);
  const chosen = options.find(({ value }) => value === o.chosen);
  const element: StaticSelect = {
    type: "static_select",
    action_id: FIELD_ACTION,
    ...(options.length <= MAX_SELECT_OPTIONS ? { options } : { option_groups: groupsOf(options) }),
    ...(chosen === undefined ? {} : { initial_option: chosen }),
  };
  const missing = o.choices.length - fitting.length;
  const hint = missing === 0 ? {} : { hint: plain(`${missing} with an id too long for Slack can't be chosen here.`) };
  return { type: "input", block_id: block, label: plain(label), element, ...hint };
}

function optionOf({ value, label, more }: Choice): PlainTextOption {
  const description = more === undefined ? {} : { description: plain(oneLine(more, MAX_LABEL_CHARACTERS)) };
  return { text: plain(oneLine(label, MAX_LABEL_CHARACTERS)), value, ...description };
}

/** Groups options: a group has at most a hundred, and a select at most a hundred groups. */
function groupsOf(options: PlainTextOption[]): { label: PlainTextElement; options: PlainTextOption[] }[] {
  const count = Math.ceil(options.length / MAX_SELECT_OPTIONS);
  return Array.from({ length: count }, (_, at) => {
    const first = at * MAX_SELECT_OPTIONS;
    const group = options.slice(first, first + MAX_SELECT_OPTIONS);
    return { label: plain(`${first + 1}–${first + group.length}`), options: group };
  });
}
