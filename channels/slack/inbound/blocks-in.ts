/** Reads blocks as text: rich text, shared messages, tables, other apps' posts. */
import { z } from "zod";
import { toNormalForm } from "../../../src/domain/normal-form.ts";
import { emojiInWords, emojiOf } from "./emoji.ts";
import { maybe, maybeText } from "./json.ts";
import {
  type KnownEmoji,
  knownEmoji,
  type Reading,
  readDate,
  readEmoji,
  readLink,
  readSlackText,
  SOME_CHANNEL,
  SOME_GROUP,
  SOMEONE,
  THE_BOT,
  type Words,
} from "./text-in.ts";

/** A table cell holds rich text, that a list, that a section: nothing that people write is nested deeper. */
const MAX_DEPTH = 8;
/** Bounds of a list's indentation and start number: far above what Slack lets people make. */
const MAX_INDENT = 16;
const MAX_OFFSET = 100_000;
const INDENT = "    ";
/** Skin tones, which follow as emoji of their own. */
const TONES = /-?1f3f[b-f]/gi;

/** The fields that are read of a block, an element of one, or a text object. */
export interface Block {
  type?: string | undefined;
  text?: string | Block | undefined;
  url?: string | undefined;
  user_id?: string | undefined;
  name?: string | undefined;
  unicode?: string | undefined;
  range?: string | undefined;
  fallback?: string | undefined;
  timestamp?: number | undefined;
  style?: unknown;
  indent?: number | undefined;
  offset?: number | undefined;
  alt_text?: string | undefined;
  elements?: Block[] | undefined;
  fields?: Block[] | undefined;
  rows?: Block[][] | undefined;
}

const nested = (inner: z.ZodType<Block>): z.ZodType<Block> => {
  const list = maybe(z.array(inner.catch({})));
  return z.object({
    type: maybeText,
    text: maybe(z.union([z.string(), inner])),
    url: maybeText,
    user_id: maybeText,
    name: maybeText,
    unicode: maybeText,
    range: maybeText,
    fallback: maybeText,
    timestamp: maybe(z.number()),
    style: maybeText,
    indent: maybe(z.int().min(0).max(MAX_INDENT)),
    offset: maybe(z.int().min(0).max(MAX_OFFSET)),
    alt_text: maybeText,
    elements: list,
    fields: list,
    rows: maybe(z.array(z.array(inner.catch({})))),
  });
};

/** Bounded in depth, so that no body can overflow the stack. */
export const Block: z.ZodType<Block> = Array.from({ length: MAX_DEPTH }).reduce<z.ZodType<Block>>(
  (inner) => nested(inner),
  z.object({ type: maybeText, text: maybeText }),
);

/** Collects the emoji in a message's rich text; null if it has no rich text. */
export function emojiIn(blocks: readonly Block[]): KnownEmoji | null {
  const rich = blocks.filter(({ type }) => type === "rich_text");
  if (rich.length === 0) return null;
  return knownEmoji(
    new Map(
      rich
        .flatMap(descendants)
        .flatMap((one) => (one.type === "emoji" && one.name ? [[one.name, unicodeOf(one)]] : [])),
    ),
  );
}

/** Reads blocks as text, with the mentions in them. */
export function readBlocks(blocks: readonly Block[], reading: Reading): Words {
  const words = { mentions: false, addressed: false };
  for (const { type, user_id: user = "" } of blocks.flatMap(descendants)) {
    if (type === "user" && reading.bots.has(user)) words.addressed = true;
    else if (type === "user" || type === "usergroup" || type === "broadcast") words.mentions = true;
  }
  const texts = blocks.map((block) => readBlock(block, reading)).filter((text) => text !== "");
  return { ...words, text: toNormalForm(texts.join("\n"), "NFC") };
}

const descendants = (block: Block): Block[] => [
  block,
  ...(block.elements ?? []).flatMap(descendants),
  ...(block.rows ?? []).flat().flatMap(descendants),
];

function unicodeOf({ unicode = "" }: Block): string | undefined {
  const codes = unicode.replace(TONES, "").split("-").filter(Boolean);
  if (codes.length === 0 || !codes.every((code) => /^[0-9a-f]{2,5}$/i.test(code))) return undefined;
  return String.fromCodePoint(...codes.map((code) => Number.parseInt(code, 16)));
}

function readBlock(block: Block, reading: Reading): string {
  const { type = "", elements = [], fields = [], rows = [] } = block;
  switch (type) {
    case "rich_text_list":
      return readList(block, reading);
    case "rich_text_quote":
      return joinBlocks(elements, reading, "").replaceAll(/^/gm, "> ");
    case "rich_text_section":
    case "rich_text_preformatted":
      return joinBlocks(elements, reading, "");
    case "rich_text":
      return joinBlocks(elements, reading, "\n");
    case "table":
      return rows.map((row) => joinBlocks(row, reading, " | ")).join("\n");
    case "actions":
    case "input":
      // Another app's controls, not words of anybody.
      return "";
    case "":
      return "";
    default:
      if (elements.length > 0) return joinBlocks(elements, reading, " ");
      return [readLeaf(block, reading), joinBlocks(fields, reading, "\n")].filter(Boolean).join("\n");
  }
}

/** Reads a list with its indentation and numbers, which may continue another list's. */
function readList({ style, elements = [], indent = 0, offset = 0 }: Block, reading: Reading): string {
  return elements
    .map((item, at) => {
      const mark = style === "ordered" ? `${offset + at + 1}.` : "-";
      return `${INDENT.repeat(indent)}${mark} ${readBlock(item, reading)}`;
    })
    .join("\n");
}

const joinBlocks = (blocks: readonly Block[], reading: Reading, by: string): string =>
  blocks.map((block) => readBlock(block, reading)).join(by);

function readLeaf(block: Block, reading: Reading): string {
  const { type = "", text, url = "", name = "" } = block;
  switch (type) {
    case "text":
    case "raw_text":
      return typeof text === "string" ? text : "";
    case "plain_text":
    case "markdown":
      return typeof text === "string" ? readEmoji(text) : "";
    case "mrkdwn":
      return typeof text === "string" ? readSlackText(text, { ...reading, emoji: null }).text : "";
    case "link":
      return readLink(url, typeof text === "string" ? text : "");
    case "user":
      return reading.bots.has(block.user_id ?? "") ? THE_BOT : SOMEONE;
    case "usergroup":
      return SOME_GROUP;
    case "channel":
      return SOME_CHANNEL;
    case "broadcast":
      return `@${block.range ?? "here"}`;
    case "emoji":
      return unicodeOf(block) ?? emojiOf(name) ?? emojiInWords(name);
    case "date":
      return readDate(block.timestamp ?? Number.NaN, block.fallback);
    default:
      // A section or header holds a text object; an image has an alt text.
      return typeof text === "object" ? readBlock(text, reading) : (block.alt_text ?? "");
  }
}
