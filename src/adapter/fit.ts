/**
 * Fits what the core wants said to what a channel can show. Pure, and it loses nothing:
 *
 * 1. The texts of the parts, joined, are exactly `wholeText` of the message.
 * 2. No part measures more than `can.text.max`, or `can.markdown.max` where it is shown as Markdown.
 * 3. Options stay together on the last part if they fit in one; an option's line is cut only if it alone is too long.
 */
import type { NumberedOption } from "../domain/option.ts";
import type { Capabilities } from "./capabilities.ts";
import { cut, type Measure, tailStarts } from "./cut.ts";
import type { FittedPart, OutgoingMessage } from "./part.ts";

/** The parts of a message, in the order in which they must be sent; none for a message that says nothing. */
export function fit(message: OutgoingMessage, can: Capabilities, measure: Measure): FittedPart[] {
  const marked = marks(message, can);
  const said = (texts: readonly string[]): FittedPart[] => texts.map((text) => ({ text, ...marked }));
  const max = marked.markdown === true && can.markdown !== undefined ? can.markdown.max : can.text.max;
  if (shownNatively(message, can)) return withOptions(message, said(cut(message.text, max, measure)), marked);
  const block = optionBlock(message);
  if (block.length === 0) return said(cut(message.text, max, measure));
  const whole = wholeText(message, can);
  if (measure(whole) <= max) return said([whole]);

  const lead = message.text === "" ? [] : cut(`${message.text}\n\n`, max, measure);
  const list = pack(block, max, measure);
  return said(joinQuestion(lead, list, (text) => measure(text) <= max));
}

type Marks = Pick<FittedPart, "markdown" | "trusted">;

/**
 * What holds for every part: whose words they are, and whether they are shown as Markdown. Numbered lines are not: as a
 * Markdown list they would be numbered anew, and 0 is a person.
 */
function marks(message: OutgoingMessage, can: Capabilities): Marks {
  const marked: Marks = {};
  const lines = (message.options ?? []).length > 0 && !shownNatively(message, can);
  if (message.markdown === true && can.markdown !== undefined && !lines) marked.markdown = true;
  if (message.trusted === true) marked.trusted = true;
  return marked;
}

/** The whole text that a customer of this channel reads: the message, its numbered lines and its footer. */
export function wholeText(message: OutgoingMessage, can: Capabilities): string {
  const block = shownNatively(message, can) ? [] : optionBlock(message);
  if (block.length === 0) return message.text;
  return `${message.text}${message.text === "" ? "" : "\n\n"}${block.join("")}`;
}

/**
 * Whether the platform's own buttons or lists show these options. Too many options or too long a label: numbered lines,
 * because those have no such limit and a cut label may mean something else.
 */
function shownNatively(message: OutgoingMessage, can: Capabilities): boolean {
  const options = message.options ?? [];
  if (options.length === 0 || can.options.support !== "native" || options.length > can.options.max) return false;
  return options.every((option) => option.label.length <= can.options.maxLabel);
}

function withOptions(message: OutgoingMessage, parts: readonly FittedPart[], marked: Marks): FittedPart[] {
  const last: FittedPart = { ...(parts.at(-1) ?? { text: "", ...marked }), options: personLast(message.options ?? []) };
  if (message.promptId !== undefined) last.promptId = message.promptId;
  return [...parts.slice(0, -1), last];
}

/** The lines under the question, each with its line end, the footer last. */
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

/** As few pieces as whole lines allow. */
function pack(lines: readonly string[], max: number, measure: Measure): string[] {
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
