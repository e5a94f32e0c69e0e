/**
 * What the desk's messages are built of. In all of them no text is mrkdwn: names and words are `plain_text` or text
 * elements of `rich_text`, in which Slack makes nothing live, so whatever outsiders write stays what it is.
 */

import type { ContextBlock, KnownBlock, PlainTextElement, RichTextBlock, RichTextElement } from "@slack/types";
import { cut } from "../../../../src/adapter/cut.ts";
import { toNormalForm } from "../../../../src/domain/normal-form.ts";
import { MAX_SECTION_CHARACTERS } from "../../limits.ts";
import { escapedLength } from "../../outbound/escape.ts";

/** A message of the desk. */
export interface Shown {
  /** What notifications and screen readers say of it, as plain text: the blocks say it all. */
  text: string;
  blocks: KnownBlock[];
}

/** Slack's ids of people (docs.slack.dev, "user type"). An operator from elsewhere has another kind and can't be mentioned. */
const PERSON = /^[UW][A-Z0-9]+$/;
/** A name's whole length is shown up to here; longer ones end in "…". */
const MAX_NAME_CHARACTERS = 80;

/** Slack takes no empty text. */
export const NO_TEXT = "(no text)";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Half a character can't be sent: the SDK fails on it. */
export const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, "\ufffd");

export const plain = (text: string): PlainTextElement => ({
  type: "plain_text",
  text: wellFormed(text),
  emoji: false,
});
export const words = (text: string): RichTextElement => ({ type: "text", text: wellFormed(text) });
export const bold = (text: string): RichTextElement => ({ ...words(text), style: { bold: true } });

/** One block whose lines stand under one another; empty ones are left out, because Slack takes none. */
export function lines(all: readonly (readonly RichTextElement[])[]): RichTextBlock {
  const shown = all.map((line) => line.filter((one) => one.type !== "text" || one.text !== ""));
  const elements = shown.filter((line) => line.length > 0).flatMap((line, at) => (at === 0 ? line : [BREAK, ...line]));
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements }] };
}

/** Within one section: whether two sections stand under one another is not said anywhere. */
const BREAK: RichTextElement = { type: "text", text: "\n" };

/** Small grey text; a long one takes several blocks. */
export function smallPrint(text: string): ContextBlock[] {
  return cut(text.trim() === "" ? NO_TEXT : text, MAX_SECTION_CHARACTERS, escapedLength).map((piece) => ({
    type: "context",
    elements: [plain(piece)],
  }));
}

/** A moment in the reader's own time zone. */
export function moment(iso: string): RichTextElement {
  const timestamp = Math.floor(Date.parse(iso) / 1_000);
  if (!Number.isFinite(timestamp)) return words(iso);
  return { type: "date", timestamp, format: "{date_short_pretty} at {time}", fallback: utc(iso) };
}

/** The same in words, for where there is no reader's time zone. */
export const utc = (iso: string): string => `${iso.slice(0, 16).replace("T", " ")} UTC`;

/** An operator, who is told of it by Slack where they are one of its people. */
export const mention = ({ id, name }: { id: string; name: string }): RichTextElement =>
  PERSON.test(id) ? { type: "user", user_id: id } : words(cleanName(name, id));

export const isPerson = (id: string): boolean => PERSON.test(id);

/** A name on one line: nothing in it hides, or turns the direction of what stands beside it. */
export function cleanName(name: string, otherwise: string): string {
  const clean = toNormalForm(name, "NFC")
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .replace(/[\p{Cf}\p{Cs}\p{Co}]/gu, "")
    .trim();
  return shortened(clean === "" ? otherwise : clean, MAX_NAME_CHARACTERS);
}

/** At most `max` UTF-16 units, between graphemes; what is left out is marked by "…". */
export function shortened(text: string, max: number): string {
  if (text.length <= max) return text;
  let kept = "";
  for (const { segment } of graphemes.segment(text)) {
    if (kept.length + segment.length > max - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}
