/**
 * Fits an outgoing message to a channel's limits. Pure, and it loses nothing:
 *
 * 1. The texts of the parts, joined, are exactly `wholeText` of the message.
 * 2. No part measures more than `can.text.max`, or `can.markdown.max` if it is shown as Markdown.
 * 3. Options stay together on the last part if they fit in one; an option's line is cut only if it alone is too long.
 */
import type { NumberedOption } from "../domain/option.ts";
import type { Capabilities } from "./capabilities.ts";
import { cut, type Measure, tailStarts } from "./cut.ts";
import type { FittedPart, OutgoingMessage } from "./part.ts";

/** Returns the parts of a message in the order in which they must be sent; none for an empty message. */
export function fit(message: OutgoingMessage, can: Capabilities, measure: Measure): FittedPart[] {
  const flags = flagsOf(message, can);
  const partsOf = (texts: readonly string[]): FittedPart[] => texts.map((text) => ({ text, ...flags }));
  const max = flags.markdown === true && can.markdown !== undefined ? can.markdown.max : can.text.max;
  if (shownNatively(message, can)) return withOptions(message, partsOf(cut(message.text, max, measure)), flags);
  const block = optionBlock(message);
  if (block.length === 0) return partsOf(cut(message.text, max, measure));
  const fullText = wholeText(message, can);
  if (measure(fullText) <= max) return partsOf([fullText]);

  const lead = message.text === "" ? [] : cut(`${message.text}\n\n`, max, measure);
  const list = packLines(block, max, measure);
  return partsOf(joinQuestion(lead, list, (text) => measure(text) <= max));
}

type PartFlags = Pick<FittedPart, "markdown" | "trusted">;

/**
 * Returns the flags that every part of the message carries. Numbered lines are never Markdown: a Markdown list would
 * renumber them, and 0 is a person.
 */
function flagsOf(message: OutgoingMessage, can: Capabilities): PartFlags {
  const flags: PartFlags = {};
  const lines = (message.options ?? []).length > 0 && !shownNatively(message, can);
  if (message.markdown === true && can.markdown !== undefined && !lines) flags.markdown = true;
  if (message.trusted === true) flags.trusted = true;
  return flags;
}

/** Returns the whole text that a customer of this channel reads: the message, its numbered lines and its footer. */
export function wholeText(message: OutgoingMessage, can: Capabilities): string {
  const block = shownNatively(message, can) ? [] : optionBlock(message);
  if (block.length === 0) return message.text;
  return `${message.text}${message.text === "" ? "" : "\n\n"}${block.join("")}`;
}

/**
 * True when the platform's own buttons or lists show the options. With too many options or too long a label they become
 * numbered lines, because those have no such limit and a cut label may mean something else.
 */
function shownNatively(message: OutgoingMessage, can: Capabilities): boolean {
  const options = message.options ?? [];
  if (options.length === 0 || can.options.support !== "native" || options.length > can.options.max) return false;
  return options.every((option) => option.label.length <= can.options.maxLabel);
}

function withOptions(message: OutgoingMessage, parts: readonly FittedPart[], flags: PartFlags): FittedPart[] {
  const last: FittedPart = { ...(parts.at(-1) ?? { text: "", ...flags }), options: personLast(message.options ?? []) };
  if (message.promptId !== undefined) last.promptId = message.promptId;
  return [...parts.slice(0, -1), last];
}

/** Returns the lines under the question, each with its line end, the footer last. */
function optionBlock(message: OutgoingMessage): string[] {
  const lines = personLast(message.options ?? []).map((option) => `${option.n}) ${option.label}`);
  if (lines.length === 0) return [];
  const footer = message.footer === undefined || message.footer === "" ? [] : [message.footer];
  return [
    ...lines.map((line, at) => (at < lines.length - 1 ? `${line}\n` : line + (footer.length > 0 ? "\n\n" : ""))),
    ...footer,
  ];
}

function personLast(options: readonly NumberedOption[]): NumberedOption[] {
  return [...options.filter((option) => option.n !== 0), ...options.filter((option) => option.n === 0)];
}

/** Joins lines into as few pieces as possible, without breaking a line that fits. */
function packLines(lines: readonly string[], max: number, measure: Measure): string[] {
  const pieces: string[] = [];
  for (const piece of lines.flatMap((line) => cut(line, max, measure))) {
    const last = pieces.at(-1);
    if (last !== undefined && measure(last + piece) <= max) pieces[pieces.length - 1] = last + piece;
    else pieces.push(piece);
  }
  return pieces;
}

/** Puts the list under the end of its question: with all of the last piece, else its last paragraph, line or sentence. */
function joinQuestion(lead: readonly string[], list: readonly string[], fits: (text: string) => boolean): string[] {
  const before = lead.at(-1);
  const [first, ...others] = list;
  if (before === undefined || first === undefined) return [...lead, ...list];
  if (fits(before + first)) return [...lead.slice(0, -1), before + first, ...others];
  const start = tailStarts(before).find((at) => fits(before.slice(at) + first));
  if (start === undefined) return [...lead, ...list];
  return [...lead.slice(0, -1), before.slice(0, start), before.slice(start) + first, ...others];
}
