/** Blocks as text: rich text, shared messages, tables, other apps' posts. */
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
  readText,
  SOME_CHANNEL,
  SOME_GROUP,
  SOMEONE,
  THE_BOT,
  type Words,
} from "./text-in.ts";

/** A table's cell holds a rich text, that a list, that a section: nothing that people write goes deeper. */
const MAX_DEPTH = 8;
/** How far lists are set in, and the numbers at which they begin: far above what Slack lets people make. */
const MAX_INDENT = 16;
const MAX_OFFSET = 100_000;
const INDENT = "    ";
/** Skin tones stand beside an emoji, by themselves. */
const TONES = /-?1f3f[b-f]/gi;

/** A block, an element of one, or a text object: what is read of them all. */
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

/** Bounded in depth, so that no body can run a reader out of stack. */
export const Block: z.ZodType<Block> = Array.from({ length: MAX_DEPTH }).reduce<z.ZodType<Block>>(
  (inner) => nested(inner),
  z.object({ type: maybeText, text: maybeText }),
);

/** The emoji in a message's rich text; null where it has none that would tell. */
export function emojiIn(blocks: readonly Block[]): KnownEmoji | null {
  const rich = blocks.filter(({ type }) => type === "rich_text");
  if (rich.length === 0) return null;
  return knownEmoji(
    new Map(rich.flatMap(inside).flatMap((one) => (one.type === "emoji" && one.name ? [[one.name, coded(one)]] : []))),
  );
}

/** What blocks say. */
export function readBlocks(blocks: readonly Block[], reading: Reading): Words {
  const words = { mentions: false, addressed: false };
  for (const { type, user_id: user = "" } of blocks.flatMap(inside)) {
    if (type === "user" && reading.bots.has(user)) words.addressed = true;
    else if (type === "user" || type === "usergroup" || type === "broadcast") words.mentions = true;
  }
  const said = blocks.map((block) => shown(block, reading)).filter((text) => text !== "");
  return { ...words, text: toNormalForm(said.join("\n"), "NFC") };
}

const inside = (block: Block): Block[] => [
  block,
  ...(block.elements ?? []).flatMap(inside),
  ...(block.rows ?? []).flat().flatMap(inside),
];

function coded({ unicode = "" }: Block): string | undefined {
  const codes = unicode.replace(TONES, "").split("-").filter(Boolean);
  if (codes.length === 0 || !codes.every((code) => /^[0-9a-f]{2,5}$/i.test(code))) return undefined;
  return String.fromCodePoint(...codes.map((code) => Number.parseInt(code, 16)));
}

function shown(block: Block, reading: Reading): string {
  const { type = "", elements = [], fields = [], rows = [] } = block;
  switch (type) {
    case "rich_text_list":
      return listed(block, reading);
    case "rich_text_quote":
      return joined(elements, reading, "").replaceAll(/^/gm, "> ");
    case "rich_text_section":
    case "rich_text_preformatted":
      return joined(elements, reading, "");
    case "rich_text":
      return joined(elements, reading, "\n");
    case "table":
      return rows.map((row) => joined(row, reading, " | ")).join("\n");
    case "actions":
    case "input":
      // Another app's controls: nobody said them.
      return "";
    case "":
      return "";
    default:
      if (elements.length > 0) return joined(elements, reading, " ");
      return [leaf(block, reading), joined(fields, reading, "\n")].filter(Boolean).join("\n");
  }
}

/** A list as its author sees it: its numbers may go on from another list, and it may be set in. */
function listed({ style, elements = [], indent = 0, offset = 0 }: Block, reading: Reading): string {
  return elements
    .map((item, at) => {
      const mark = style === "ordered" ? `${offset + at + 1}.` : "-";
      return `${INDENT.repeat(indent)}${mark} ${shown(item, reading)}`;
    })
    .join("\n");
}

const joined = (blocks: readonly Block[], reading: Reading, by: string): string =>
  blocks.map((block) => shown(block, reading)).join(by);

function leaf(block: Block, reading: Reading): string {
  const { type = "", text, url = "", name = "" } = block;
  switch (type) {
    case "text":
    case "raw_text":
      return typeof text === "string" ? text : "";
    case "plain_text":
    case "markdown":
      return typeof text === "string" ? readEmoji(text) : "";
    case "mrkdwn":
      return typeof text === "string" ? readText(text, { ...reading, emoji: null }).text : "";
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
      return coded(block) ?? emojiOf(name) ?? emojiInWords(name);
    case "date":
      return readDate(block.timestamp ?? Number.NaN, block.fallback);
    default:
      // A section or header holds a text object; a picture has a description.
      return typeof text === "object" ? shown(text, reading) : (block.alt_text ?? "");
  }
}
