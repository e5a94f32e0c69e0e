/**
 * Makes a model's Markdown inert for Slack's markdown block: the formatting stays, but nothing links or notifies.
 *
 * 1. No link, image, bare address or raw HTML is left: their text stays as text, their address as code.
 * 2. No mention, channel or control sequence is left, neither plain ("@here") nor in angle brackets.
 * 3. Markdown that can't be made inert for certain gives null: show it as plain text.
 */
import type { Definition, Nodes, Paragraph, Parents, PhrasingContent, Root, RootContent, Text } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { type Options, toMarkdown } from "mdast-util-to-markdown";
import { MAX_MARKDOWN_CHARACTERS } from "../limits.ts";

/** Invisible separator that breaks up mentions and control sequences. */
const SEPARATOR = "\u200b";
/** Top-level domains of hosts written without a scheme; any two letters may be a country. */
const HOST_ENDS = "com|org|net|info|biz|app|dev|xyz|link|site|shop|online|edu|gov|[a-z]{2}";
/**
 * Addresses that Slack may turn into links: with a scheme, of mail, or anything like a host. Every repetition is bounded,
 * or a long word would be searched from each of its letters to its end.
 */
const ADDRESS = new RegExp(
  [
    String.raw`https?://[^\s<>]+`,
    String.raw`[a-z][a-z0-9+.-]{0,30}://[^\s<>]+`,
    String.raw`(?:mailto|tel|javascript|data):[^\s<>]+`,
    String.raw`[^\s<>@,;:()]{1,64}@[^\s<>@,;:()]{1,255}\.[\p{L}\p{N}-]+`,
    String.raw`www\.[^\s<>]+`,
    String.raw`(?:[\p{L}\p{N}_-]{1,63}\.){1,10}(?:${HOST_ENDS})(?![\p{L}\p{N}])(?:[/?#:][^\s<>]*)?`,
  ].join("|"),
  "giu",
);
/** Punctuation that ends the sentence, not the address. */
const AFTER_ADDRESS = /[.,;:!?)\]…*_~]+$/u;
/** "@here", "#general": `@` or `#` before a letter or a digit, or at the end of a text node. */
const MENTION_SIGN = /([@#])(?=[\p{L}\p{N}_-]|$)/gu;
const CONTROL = /<(?=[@#!])/gu;
/** In code, only Slack's own sequences: `<!DOCTYPE html>` is none. */
const CODE_CONTROL = /<(?=[@#][A-Z0-9]|!(?:here|channel|everyone|group|subteam|date)|[a-z]+:)/giu;

const FORM: Options = {
  bullet: "-",
  emphasis: "_",
  listItemIndent: "one",
  // The library escapes every "&" before a letter, but only "&amp;" and its like need it.
  handlers: {
    text: ({ value }: Text, _parent, state, info) => state.safe(value, info).replace(/(?<!\\)\\&(?![#\w]+;)/g, "&"),
  },
};

/**
 * Our own limits, several times those of a long answer. Markdown parsers search a counterpart for each mark, and compare
 * each line with all open lists, so larger input would take seconds.
 */
const MAX_MARKS = 1_000;
const MAX_LINES = 1_000;
const MAX_NESTED = 8;

/** Marks of Markdown; an ampersand counts only if it may begin a character reference. */
const MARK = /[*_~`[\]<>!\\]|&(?=[#\w])/g;
/** A line that opens too many nested lists and quotes. */
const NESTED = new RegExp(String.raw`^(?:[ \t]*(?:[-+*>]|\d{1,9}[.)])){${MAX_NESTED + 1}}`, "m");

/** True when a text is small enough to be parsed quickly; others are shown as plain text. */
function isBounded(text: string): boolean {
  if (text.length > MAX_MARKDOWN_CHARACTERS || NESTED.test(text)) return false;
  return (text.match(MARK)?.length ?? 0) <= MAX_MARKS && (text.match(/\n/g)?.length ?? 0) <= MAX_LINES;
}

/** Returns the text made inert, at most `MAX_MARKDOWN_CHARACTERS` long; null if that is not possible. */
export function inertMarkdown(text: string): string | null {
  if (!isBounded(text)) return null;
  try {
    const tree = fromMarkdown(text);
    const clean: Root = { type: "root", children: cleanChildren(tree, definitionsIn(tree)) as RootContent[] };
    const written = toMarkdown(clean, FORM).trimEnd();
    return written !== "" && written.length <= MAX_MARKDOWN_CHARACTERS && isInert(written) ? written : null;
  } catch {
    // Nested too deep for the stack.
    return null;
  }
}

/** Definitions by their normalised label; the first of several counts (CommonMark 6.3). */
type Definitions = ReadonlyMap<string, Definition>;

function definitionsIn(tree: Root): Definitions {
  const found = new Map<string, Definition>();
  for (const node of descendants(tree)) {
    if (node.type === "definition" && !found.has(node.identifier)) found.set(node.identifier, node);
  }
  return found;
}

function* descendants(node: Nodes): Generator<Nodes> {
  yield node;
  if ("children" in node) for (const child of node.children) yield* descendants(child);
}

function cleanChildren(parent: Parents, definitions: Definitions): Nodes[] {
  const clean = parent.children.flatMap((child) => cleanNode(child, definitions, parent));
  return clean.flatMap((node, at) => (touches(clean[at - 1], node) ? [words(" "), node] : [node]));
}

/** True of two adjacent code spans, whose backticks would merge. */
const touches = (before: Nodes | undefined, node: Nodes): boolean =>
  before?.type === "inlineCode" && node.type === "inlineCode";

function cleanNode(node: Nodes, definitions: Definitions, parent: Parents): Nodes[] {
  if (node.type === "text") return inertText(node.value);
  if (node.type === "html") return isFlow(parent) ? [paragraph(inertText(node.value))] : inertText(node.value);
  if (node.type === "image" || node.type === "imageReference") return inertText(node.alt ?? "");
  if (node.type === "link") return renderLink(cleanChildren(node, definitions), node.url);
  if (node.type === "linkReference")
    return renderLink(cleanChildren(node, definitions), definitions.get(node.identifier)?.url ?? "");
  if (node.type === "definition") return [];
  if (node.type === "inlineCode") return [code(node.value)];
  if (node.type === "code") return [{ ...node, value: node.value.replace(CODE_CONTROL, `<${SEPARATOR}`) }];
  return "children" in node ? [{ ...node, children: cleanChildren(node, definitions) } as Nodes] : [node];
}

const paragraph = (content: PhrasingContent[]): Paragraph => ({ type: "paragraph", children: content });

const isFlow = ({ type }: Parents): boolean => ["root", "blockquote", "listItem", "footnoteDefinition"].includes(type);

/** Renders a link as its text and its address. */
function renderLink(shown: Nodes[], url: string): Nodes[] {
  const [only, ...others] = shown;
  const bare = url.replace(/^mailto:/i, "");
  if (url === "") return shown;
  if (only?.type === "inlineCode" && others.length === 0 && [url, bare].includes(only.value)) return shown;
  return [...shown, words(shown.length > 0 ? " (" : "("), code(bare), words(")")];
}

/** Renders text inert: addresses become code, mentions and control sequences are broken up. */
function inertText(text: string): PhrasingContent[] {
  const pieces: PhrasingContent[] = [];
  let at = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(AFTER_ADDRESS, "");
    if (address === "") continue;
    if (match.index > at) pieces.push(words(text.slice(at, match.index)));
    pieces.push(code(address));
    at = match.index + address.length;
  }
  if (at < text.length) pieces.push(words(text.slice(at)));
  return pieces;
}

const words = (text: string): Text => ({
  type: "text",
  value: text.replace(CONTROL, `<${SEPARATOR}`).replace(MENTION_SIGN, `$1${SEPARATOR}`),
});

/** Renders a code span; its line ends become spaces, because not every parser keeps a span across lines. */
const code = (text: string): PhrasingContent => ({
  type: "inlineCode",
  value: text.replace(/[\r\n]+/g, " ").replace(CODE_CONTROL, `<${SEPARATOR}`),
});

const LIVE_NODES = ["link", "linkReference", "image", "imageReference", "html", "definition"];

/** Checks the written Markdown by parsing it again, because writer and parser may disagree. */
function isInert(written: string): boolean {
  if (written.match(CODE_CONTROL) !== null) return false;
  for (const node of descendants(fromMarkdown(written))) {
    if (LIVE_NODES.includes(node.type)) return false;
    if (node.type === "text" && [ADDRESS, MENTION_SIGN, CONTROL].some((live) => node.value.match(live) !== null))
      return false;
  }
  return true;
}
