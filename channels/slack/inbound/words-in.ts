/**
 * Reads the words of a message: its text, and the words of its blocks and attachments that the text lacks.
 *
 * 1. Nothing is lost: other apps put details into blocks and attachments, and a headline into `text`.
 * 2. Nothing is doubled: in people's messages, `text` repeats the blocks.
 * 3. A link's preview is left out: nobody wrote it.
 */
import { type Block, emojiIn, readBlocks } from "./blocks-in.ts";
import type { Attached, Message } from "./event-body.ts";
import { blockWithoutNames, SeenWords, withoutNames } from "./seen-words.ts";
import { type Reading, readLink, readPlain, readSlackText, type Words } from "./text-in.ts";

/** Slack's fallback of an attachment that has blocks only. */
const NO_FALLBACK = "[no preview available]";

/** Slack's text of a message that has blocks only. */
const NO_TEXT = "This content can't be displayed.";

/** Reads a message. `bots`: user ids of our bot. */
export function wordsIn(message: Message, bots: ReadonlySet<string>): Words {
  const { blocks = [], attachments = [] } = message;
  const text = message.text === NO_TEXT && blocks.length + attachments.length > 0 ? "" : (message.text ?? "");
  const reading: Reading = { bots, emoji: emojiIn(blocks) };
  const own = text === "" ? readBlocks(blocks, reading) : withBlocks(text, blocks, reading);
  const seen = new SeenWords();
  seen.add(own.text);
  const shared = own.text === "" ? attachments : attachments.filter((one) => !isPreview(one));
  const more = shared.map((one) => readAttachment(one, { seen, reading: { ...reading, emoji: null } }));
  return { ...own, text: lines(own.text, ...more) };
}

const lines = (...texts: string[]): string => texts.filter((text) => text !== "").join("\n");

/** Reads the text, and the words that only the blocks have. */
function withBlocks(text: string, blocks: readonly Block[], reading: Reading): Words {
  const own = readSlackText(text, reading);
  const read = readBlocks(blocks, reading);
  const seen = new SeenWords();
  seen.add(readSlackText(withoutNames(text), reading).text);
  const more = blocks.flatMap(unitsOf).map((unit) => newLines(unit, seen, reading));
  return {
    text: lines(own.text, ...more),
    mentions: own.mentions || read.mentions,
    addressed: own.addressed || read.addressed,
  };
}

/** Splits a block into the units that are kept or left out as a whole. */
const unitsOf = (block: Block): Block[] => [{ ...block, fields: undefined }, ...(block.fields ?? [])];

/** Reads a block without the lines at its start and end that were seen before; a table is kept or left out as a whole. */
function newLines(block: Block, seen: SeenWords, reading: Reading): string {
  const mirrored = block.type === "rich_text";
  const repeated = readBlocks([blockWithoutNames(block)], reading)
    .text.split("\n")
    .map((line) => seen.has(line, { mirrored }));
  if (repeated.every(Boolean)) return "";
  const { text } = readBlocks([block], reading);
  seen.add(text);
  const shown = text.split("\n");
  // Names may contain line breaks, and then the lines do not correspond.
  if (block.type === "table" || shown.length !== repeated.length) return text;
  return shown.slice(repeated.indexOf(false), repeated.lastIndexOf(false) + 1).join("\n");
}

const isPreview = ({ is_share, from_url, original_url, is_app_unfurl }: Attached): boolean =>
  is_share !== true && (from_url !== undefined || original_url !== undefined || is_app_unfurl === true);

/** Reads an attachment. A shared message is kept as a whole; an app's attachment may repeat the app's own text. */
function readAttachment(one: Attached, { seen, reading }: { seen: SeenWords; reading: Reading }): string {
  const { author_name: author, title, title_link: link, fields = [], blocks = [], message_blocks: quoted = [] } = one;
  const toText = (text: string | undefined): string => (text === undefined ? "" : readSlackText(text, reading).text);
  const label = title === undefined ? "" : readPlain(title, reading);
  const heading = link === undefined || label === "" ? label : readLink(link, label);
  const listed = fields.map(({ title: name, value }) => [toText(name), toText(value)].filter(Boolean).join(": "));
  const body = one.text ? withBlocks(one.text, blocks, reading).text : readBlocks(blocks, reading).text;
  const original =
    body === ""
      ? readBlocks(
          quoted.flatMap(({ message }) => message?.blocks ?? []),
          reading,
        ).text
      : "";
  const parts = [toText(one.pretext), heading, body, original, ...listed].filter((part) => part !== "");
  const all = parts.length === 0 && one.fallback !== NO_FALLBACK ? [toText(one.fallback)] : parts;
  const fresh = one.is_share === true ? all : all.filter((part) => !part.split("\n").every((line) => seen.has(line)));
  const text = lines(...fresh);
  seen.add(text);
  return text === "" || parts.length === 0 || !author ? text : `${author}: ${text}`;
}
