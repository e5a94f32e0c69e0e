/** Converts typed text like Slack's editor: to rich text, in which mentions and links are elements. */
import type { KnownBlock, RichTextElement } from "@slack/types";

const CONTROL = /<([^<>]+)>/g;

/** Returns the blocks of a text; none for no text. Decodes entities. */
export function typedBlocks(text: string): KnownBlock[] {
  const elements: RichTextElement[] = [];
  let at = 0;
  for (const match of text.matchAll(CONTROL)) {
    elements.push(...plain(text.slice(at, match.index)), element(match[1] ?? ""));
    at = match.index + match[0].length;
  }
  elements.push(...plain(text.slice(at)));
  if (elements.length === 0) return [];
  return [{ type: "rich_text", block_id: "typed", elements: [{ type: "rich_text_section", elements }] }];
}

const plain = (text: string): RichTextElement[] => (text === "" ? [] : [{ type: "text", text: unescaped(text) }]);

const unescaped = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

function element(control: string): RichTextElement {
  const [what = "", label] = control.split("|");
  if (/^@[UW]/.test(what)) return { type: "user", user_id: what.slice(1) };
  if (what.startsWith("#")) return { type: "channel", channel_id: what.slice(1) };
  if (what.startsWith("!subteam^")) return { type: "usergroup", usergroup_id: what.slice("!subteam^".length) };
  const range = (["here", "channel", "everyone"] as const).find((one) => what === `!${one}`);
  if (range) return { type: "broadcast", range };
  return { type: "link", url: unescaped(what), ...(label === undefined ? {} : { text: unescaped(label) }) };
}
