import type { RichTextBlock, RichTextLink, RichTextText } from "@slack/types";

/** The longest address of a link (types). */
const MAX_URL_CHARACTERS = 3_000;
/** A typed address, without quotes, brackets and invisible characters. */
const URLS = /\bhttps?:\/\/[^\s<>"'`|\\^{}\p{Cf}\p{Cc}]+/giu;
/** Punctuation that ends the sentence, not the address. */
const AFTER_URL = /[.,;:!?)\]…]+$/u;

/**
 * Renders text as a rich_text block without mentions, channels and emoji. With `links`, addresses become links that show
 * their own address. Empty text gives a block without elements: leave it out.
 */
export function richText(text: string, { links = false } = {}): RichTextBlock {
  const elements = links ? withLinks(text) : plain(text);
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements }] };
}

/** Returns the elements of a text whose addresses are links. */
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

/** False for a user name before the host ("https://bank.com@evil.com"), which hides where the link leads. */
function isLink(url: string): boolean {
  if (url.length > MAX_URL_CHARACTERS || !URL.canParse(url)) return false;
  const { username, password, hostname } = new URL(url);
  return username === "" && password === "" && hostname !== "";
}
