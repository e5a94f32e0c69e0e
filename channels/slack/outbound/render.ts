import type { ActionsBlock, Button, KnownBlock, PlainTextElement, StaticSelect } from "@slack/types";
import { cut } from "../../../src/adapter/cut.ts";
import type { FittedPart } from "../../../src/adapter/part.ts";
import type { NumberedOption } from "../../../src/domain/option.ts";
import {
  MAX_ACTIONS,
  MAX_BUTTON_VALUE_CHARACTERS,
  MAX_BUTTONS,
  MAX_LABEL_CHARACTERS,
  MAX_SECTION_CHARACTERS,
  MAX_SELECT_OPTIONS,
} from "../limits.ts";
import { escapedLength } from "./escape.ts";
import { inertMarkdown } from "./markdown.ts";
import { richText } from "./rich-text.ts";

/** Makes text in which Slack interprets nothing: no mention, no markup, no emoji. */
const plainText = (text: string): PlainTextElement => ({ type: "plain_text", text, emoji: false });

/** Renders a part's text; nothing in it is a link or mention but addresses that an operator typed. */
export function textBlocks({ text, markdown, trusted }: FittedPart): KnownBlock[] {
  if (trusted === true) return pieces(text).map((piece) => richText(piece, { links: true }));
  const marked = markdown === true ? inertMarkdown(text) : null;
  if (marked !== null) return [{ type: "markdown", text: marked }];
  return pieces(text).map((piece) => ({ type: "section", text: plainText(piece) }));
}

const pieces = (text: string): string[] =>
  cut(text, MAX_SECTION_CHARACTERS, escapedLength).filter((piece) => piece.trim() !== "");

/**
 * Renders options as a few buttons, else as selects of a hundred options each. Their ids name the prompt, so that an answer
 * to an old prompt is recognised; the value is the option's id. The person comes last.
 */
export function optionBlocks(promptId: string, options: readonly NumberedOption[]): ActionsBlock[] {
  const ordered = [...options.filter(({ n }) => n !== 0), ...options.filter(({ n }) => n === 0)];
  // A button's value holds any id, a select's does not.
  const asButtons = ordered.length <= MAX_BUTTONS || ordered.some(({ id }) => id.length > MAX_LABEL_CHARACTERS);
  if (asButtons) {
    const buttons = ordered.map((option) => button(promptId, option));
    return inGroups(buttons, MAX_ACTIONS).map((elements) => ({ type: "actions", elements }));
  }
  const pages = inGroups(ordered, MAX_SELECT_OPTIONS);
  return pages.map((page, at) => ({ type: "actions", elements: [select(promptId, page, at)] }));
}

function button(promptId: string, { n, id, label }: NumberedOption): Button {
  const value = id.slice(0, MAX_BUTTON_VALUE_CHARACTERS);
  return { type: "button", action_id: `opt:${promptId}:${n}`, text: labelText(label, n), value };
}

function select(promptId: string, page: readonly NumberedOption[], at: number): StaticSelect {
  const first = at * MAX_SELECT_OPTIONS + 1;
  return {
    type: "static_select",
    action_id: `opt:${promptId}:s${at + 1}`,
    placeholder: plainText(`Options ${first}–${first + page.length - 1}`),
    options: page.map(({ n, id, label }) => ({ text: labelText(label, n), value: id })),
  };
}

/** `fit` passes no label that is too long; if one came anyway, `text` still has all of it. */
function labelText(label: string, n: number): PlainTextElement {
  if (label.trim() === "") return plainText(String(n));
  if (escapedLength(label) <= MAX_LABEL_CHARACTERS) return plainText(label);
  const [start = ""] = cut(label, MAX_LABEL_CHARACTERS - 1, escapedLength);
  return plainText(`${start}…`);
}

function inGroups<Value>(all: readonly Value[], size: number): Value[][] {
  const groups = Math.ceil(all.length / size);
  return Array.from({ length: groups }, (_, at) => all.slice(at * size, (at + 1) * size));
}
