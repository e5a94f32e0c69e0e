import type { RichTextBlock, RichTextLink, RichTextText } from "@slack/types";

/** A link's address (types). */
const MAX_URL_CHARACTERS = 3_000;
/** No quote, bracket or invisible character is part of an address that somebody typed. */
const URLS = /\bhttps?:\/\/[^\s<>"'`|\\^{}\p{Cf}\p{Cc}]+/giu;
/** Ends the sentence, not the address. */
const AFTER_URL = /[.,;:!?)\]…]+$/u;

/**
 * Text as a rich_text block, in which nothing is live: no mention, no channel, no emoji. With `links` an operator's
 * addresses are, each showing itself. Empty text gives a block without elements: leave it out.
 */
export function richText(text: string, { links = false } = {}): RichTextBlock {
  const elements = links ? withLinks(text) : plain(text);
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements }] };
}

/** The elements of a text of ours: its addresses are links that show themselves. */
function withLinks(text: string): (RichTextText | RichTextLink)[] {
  const elements: (RichTextText | RichTextLink)[] = [];
  let at = 0;
  for (const match of text.matchAll(URLS)) {
    const url = match[0].replace(AFTER_URL, "");
    if (!isLink(url)) continue;
    elements.push(...plain(text.slice(at, match.index)), { type: "link", url });
    at = match.index + url.length;
  }
  return [...elements, ...plain(text.slice(at))];
}

const plain = (text: string): RichTextText[] => (text === "" ? [] : [{ type: "text", text }]);

/** A name in front of the host ("https://bank.com@evil.com") shows another place than it leads to. */
function isLink(url: string): boolean {
  if (url.length > MAX_URL_CHARACTERS || !URL.canParse(url)) return false;
  const { username, password, hostname } = new URL(url);
  return username === "" && password === "" && hostname !== "";
}
