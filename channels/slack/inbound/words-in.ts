/**
 * What a message says: its text, and whatever its blocks and attachments say that the text does not.
 *
 * 1. Nothing is lost: another app puts its details into blocks and attachments, and a headline into `text`.
 * 2. Nothing doubles: of what people write, `text` repeats the blocks.
 * 3. A link's preview is nobody's words: it repeats what everybody can look up.
 */
import { type Block, emojiIn, readBlocks } from "./blocks-in.ts";
import type { Attached, Message } from "./event-body.ts";
import { nameless, namelessBlock, Said } from "./said-already.ts";
import { type Reading, readLink, readPlain, readText, type Words } from "./text-in.ts";

/** Slack's, where an attachment has blocks only. */
const NO_FALLBACK = "[no preview available]";

/** Slack's, in place of the text of an app that gave blocks only. */
const NO_TEXT = "This content can't be displayed.";

/** `bots`: user ids of our bot. */
export function wordsIn(message: Message, bots: ReadonlySet<string>): Words {
  const { blocks = [], attachments = [] } = message;
  const text = message.text === NO_TEXT && blocks.length + attachments.length > 0 ? "" : (message.text ?? "");
  const reading: Reading = { bots, emoji: emojiIn(blocks) };
  const own = text === "" ? readBlocks(blocks, reading) : withBlocks(text, blocks, reading);
  const said = new Said();
  said.add(own.text);
  const shared = own.text === "" ? attachments : attachments.filter((one) => !isPreview(one));
  const more = shared.map((one) => attached(one, { said, reading: { ...reading, emoji: null } }));
  return { ...own, text: lines(own.text, ...more) };
}

const lines = (...texts: string[]): string => texts.filter((text) => text !== "").join("\n");

/** The text, and what only the blocks say. */
function withBlocks(text: string, blocks: readonly Block[], reading: Reading): Words {
  const own = readText(text, reading);
  const told = readBlocks(blocks, reading);
  const said = new Said();
  said.add(readText(nameless(text), reading).text);
  const more = blocks.flatMap(unitsOf).map((unit) => unsaid(unit, said, reading));
  return {
    text: lines(own.text, ...more),
    mentions: own.mentions || told.mentions,
    addressed: own.addressed || told.addressed,
  };
}

/** What is said or left out as one. */
const unitsOf = (block: Block): Block[] => [{ ...block, fields: undefined }, ...(block.fields ?? [])];

/** A block without the lines at its beginning and end that were said before; a table is whole, or not there. */
function unsaid(block: Block, said: Said, reading: Reading): string {
  const mirrored = block.type === "rich_text";
  const seen = readBlocks([namelessBlock(block)], reading)
    .text.split("\n")
    .map((line) => said.has(line, { mirrored }));
  if (seen.every(Boolean)) return "";
  const { text } = readBlocks([block], reading);
  said.add(text);
  const shown = text.split("\n");
  // Names may have line breaks in them, so only then is one line the other.
  if (block.type === "table" || shown.length !== seen.length) return text;
  return shown.slice(seen.indexOf(false), seen.lastIndexOf(false) + 1).join("\n");
}

const isPreview = ({ is_share, from_url, original_url, is_app_unfurl }: Attached): boolean =>
  is_share !== true && (from_url !== undefined || original_url !== undefined || is_app_unfurl === true);

/** What was shared is somebody else's message, so it is shown whole; what an app attached may repeat the app's own text. */
function attached(one: Attached, { said, reading }: { said: Said; reading: Reading }): string {
  const { author_name: author, title, title_link: link, fields = [], blocks = [], message_blocks: quoted = [] } = one;
  const told = (text: string | undefined): string => (text === undefined ? "" : readText(text, reading).text);
  const label = title === undefined ? "" : readPlain(title, reading);
  const heading = link === undefined || label === "" ? label : readLink(link, label);
  const listed = fields.map(({ title: name, value }) => [told(name), told(value)].filter(Boolean).join(": "));
  const body = one.text ? withBlocks(one.text, blocks, reading).text : readBlocks(blocks, reading).text;
  const original =
    body === ""
      ? readBlocks(
          quoted.flatMap(({ message }) => message?.blocks ?? []),
          reading,
        ).text
      : "";
  const parts = [told(one.pretext), heading, body, original, ...listed].filter((part) => part !== "");
  const whole = parts.length === 0 && one.fallback !== NO_FALLBACK ? [told(one.fallback)] : parts;
  const fresh =
    one.is_share === true ? whole : whole.filter((part) => !part.split("\n").every((line) => said.has(line)));
  const text = lines(...fresh);
  said.add(text);
  return text === "" || parts.length === 0 || !author ? text : `${author}: ${text}`;
}
