/**
 * Building blocks of the desk's messages. No text is mrkdwn: names and words are `plain_text` or text elements of
 * `rich_text`, in which Slack makes no links or mentions, so text from outside is shown as it is.
 */

import type { ContextBlock, KnownBlock, PlainTextElement, RichTextBlock, RichTextElement } from "@slack/types";
import { cut } from "../../../../src/adapter/cut.ts";
import { toNormalForm } from "../../../../src/domain/normal-form.ts";
import { MAX_SECTION_CHARACTERS } from "../../limits.ts";
import { escapedLength } from "../../outbound/escape.ts";

/** A message of the desk. */
export interface DeskMessage {
  /** Plain text for notifications and screen readers; the blocks have all of it. */
  text: string;
  blocks: KnownBlock[];
}

/** Slack's user ids (docs.slack.dev, "user type"). An operator of another desk has another kind, and can't be mentioned. */
const PERSON = /^[UW][A-Z0-9]+$/;
/** Longer names end in "…". */
const MAX_NAME_CHARACTERS = 80;

/** Shown for an empty text, which Slack rejects. */
export const NO_TEXT = "(no text)";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Replaces lone surrogates, on which the SDK fails. */
export const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, "\ufffd");

export const plain = (text: string): PlainTextElement => ({
  type: "plain_text",
  text: wellFormed(text),
  emoji: false,
});
export const words = (text: string): RichTextElement => ({ type: "text", text: wellFormed(text) });
export const bold = (text: string): RichTextElement => ({ ...words(text), style: { bold: true } });

/** Renders lines as one block; leaves out empty ones, which Slack rejects. */
export function lines(all: readonly (readonly RichTextElement[])[]): RichTextBlock {
  const shown = all.map((line) => line.filter((one) => one.type !== "text" || one.text !== ""));
  const elements = shown.filter((line) => line.length > 0).flatMap((line, at) => (at === 0 ? line : [BREAK, ...line]));
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements }] };
}

/** A line break within a section: Slack does not document how several sections are laid out. */
const BREAK: RichTextElement = { type: "text", text: "\n" };

/** Renders small grey text; a long one takes several blocks. */
export function smallPrint(text: string): ContextBlock[] {
  return cut(text.trim() === "" ? NO_TEXT : text, MAX_SECTION_CHARACTERS, escapedLength).map((piece) => ({
    type: "context",
    elements: [plain(piece)],
  }));
}

/** Renders a time in the reader's own time zone. */
export function moment(iso: string): RichTextElement {
  const timestamp = Math.floor(Date.parse(iso) / 1_000);
  if (!Number.isFinite(timestamp)) return words(iso);
  return { type: "date", timestamp, format: "{date_short_pretty} at {time}", fallback: utc(iso) };
}

/** Formats a time as plain text, where Slack renders no time zone. */
export const utc = (iso: string): string => `${iso.slice(0, 16).replace("T", " ")} UTC`;

/** Renders an operator; Slack notifies them if they are one of its users. */
export const mention = ({ id, name }: { id: string; name: string }): RichTextElement =>
  PERSON.test(id) ? { type: "user", user_id: id } : words(cleanName(name, id));

export const isPerson = (id: string): boolean => PERSON.test(id);

/** Cleans a name to one line, without characters that hide text or change its direction. */
export function cleanName(name: string, otherwise: string): string {
  const clean = toNormalForm(name, "NFC")
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .replace(/[\p{Cf}\p{Cs}\p{Co}]/gu, "")
    .trim();
  return shortened(clean === "" ? otherwise : clean, MAX_NAME_CHARACTERS);
}

/** Shortens a text to `max` UTF-16 units, between graphemes, ending in "…". */
export function shortened(text: string, max: number): string {
  if (text.length <= max) return text;
  let kept = "";
  for (const { segment } of graphemes.segment(text)) {
    if (kept.length + segment.length > max - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}
