/**
 * Markdown that a model wrote, for Slack's markdown block: its form stays, nothing in it is live.
 *
 * 1. No link, image, bare address or raw HTML is left: what they say stays as words, where they lead as code.
 * 2. No mention, channel or control sequence is left, neither plain ("@here") nor in angle brackets.
 * 3. What can't be shown so for certain gives null: show it as plain text.
 */
import type { Definition, Nodes, Paragraph, Parents, PhrasingContent, Root, RootContent, Text } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { type Options, toMarkdown } from "mdast-util-to-markdown";
import { MAX_MARKDOWN_CHARACTERS } from "../limits.ts";

/** Shows as nothing, and keeps what stands around it apart. */
const APART = "\u200b";
/** Ends of hosts that people write without a scheme; besides, every two letters may be a country. */
const HOST_ENDS = "com|org|net|info|biz|app|dev|xyz|link|site|shop|online|edu|gov|[a-z]{2}";
/**
 * Addresses that Slack may turn into links: with a scheme, of mail, or a host that looks like one. Every repetition is
 * bounded, or a long word would be searched from each of its letters to its end.
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
/** Ends the sentence, not the address. */
const AFTER_ADDRESS = /[.,;:!?)\]…*_~]+$/u;
/** "@here", "#general": wherever `@` or `#` stands before a letter or a digit, or before what is marked otherwise. */
const NAMED = /([@#])(?=[\p{L}\p{N}_-]|$)/gu;
const CONTROL = /<(?=[@#!])/gu;
/** In code only what Slack would read: `<!DOCTYPE html>` is nothing to it. */
const CODE_CONTROL = /<(?=[@#][A-Z0-9]|!(?:here|channel|everyone|group|subteam|date)|[a-z]+:)/giu;

const FORM: Options = {
  bullet: "-",
  emphasis: "_",
  listItemIndent: "one",
  // It escapes every "&" before a letter, where only "&amp;" and its like need it.
  handlers: {
    text: ({ value }: Text, _parent, state, info) => state.safe(value, info).replace(/(?<!\\)\\&(?![#\w]+;)/g, "&"),
  },
};

/**
 * Ours: several times what a long answer has. Readers of Markdown look from each mark for its counterpart, and from each
 * line and list at all that are open, so more would take seconds.
 */
const MAX_MARKS = 1_000;
const MAX_LINES = 1_000;
const MAX_NESTED = 8;

/** An ampersand is one only where it may begin a character reference. */
const MARK = /[*_~`[\]<>!\\]|&(?=[#\w])/g;
/** Lists and quotes that open one within the other, in one line. */
const NESTED = new RegExp(String.raw`^(?:[ \t]*(?:[-+*>]|\d{1,9}[.)])){${MAX_NESTED + 1}}`, "m");

/** Whether it is read and written in no time worth speaking of; the rest is shown as plain text. */
function isModest(text: string): boolean {
  if (text.length > MAX_MARKDOWN_CHARACTERS || NESTED.test(text)) return false;
  return (text.match(MARK)?.length ?? 0) <= MAX_MARKS && (text.match(/\n/g)?.length ?? 0) <= MAX_LINES;
}

/** The same text without anything live, at most `MAX_MARKDOWN_CHARACTERS` long; null where that can't be. */
export function inertMarkdown(text: string): string | null {
  if (!isModest(text)) return null;
  try {
    const tree = fromMarkdown(text);
    const clean: Root = { type: "root", children: children(tree, definitionsIn(tree)) as RootContent[] };
    const written = toMarkdown(clean, FORM).trimEnd();
    return written !== "" && written.length <= MAX_MARKDOWN_CHARACTERS && isInert(written) ? written : null;
  } catch {
    // Nested deeper than the stack is high.
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

function children(parent: Parents, definitions: Definitions): Nodes[] {
  const clean = parent.children.flatMap((child) => cleaned(child, definitions, parent));
  return clean.flatMap((node, at) => (touches(clean[at - 1], node) ? [words(" "), node] : [node]));
}

/** Two runs of backticks that touch would be one. */
const touches = (before: Nodes | undefined, node: Nodes): boolean =>
  before?.type === "inlineCode" && node.type === "inlineCode";

function cleaned(node: Nodes, definitions: Definitions, parent: Parents): Nodes[] {
  if (node.type === "text") return said(node.value);
  if (node.type === "html") return isFlow(parent) ? [paragraph(said(node.value))] : said(node.value);
  if (node.type === "image" || node.type === "imageReference") return said(node.alt ?? "");
  if (node.type === "link") return led(children(node, definitions), node.url);
  if (node.type === "linkReference")
    return led(children(node, definitions), definitions.get(node.identifier)?.url ?? "");
  if (node.type === "definition") return [];
  if (node.type === "inlineCode") return [code(node.value)];
  if (node.type === "code") return [{ ...node, value: node.value.replace(CODE_CONTROL, `<${APART}`) }];
  return "children" in node ? [{ ...node, children: children(node, definitions) } as Nodes] : [node];
}

const paragraph = (content: PhrasingContent[]): Paragraph => ({ type: "paragraph", children: content });

const isFlow = ({ type }: Parents): boolean => ["root", "blockquote", "listItem", "footnoteDefinition"].includes(type);

/** A link's words, and where it led. */
function led(shown: Nodes[], url: string): Nodes[] {
  const [only, ...others] = shown;
  const bare = url.replace(/^mailto:/i, "");
  if (url === "") return shown;
  if (only?.type === "inlineCode" && others.length === 0 && [url, bare].includes(only.value)) return shown;
  return [...shown, words(shown.length > 0 ? " (" : "("), code(bare), words(")")];
}

/** Words without a live one: addresses become code, names and controls are taken apart. */
function said(text: string): PhrasingContent[] {
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
  value: text.replace(CONTROL, `<${APART}`).replace(NAMED, `$1${APART}`),
});

/** A line end in a code span is shown as a space; as a line end, not every reader still takes it for code. */
const code = (text: string): PhrasingContent => ({
  type: "inlineCode",
  value: text.replace(/[\r\n]+/g, " ").replace(CODE_CONTROL, `<${APART}`),
});

const LIVE_NODES = ["link", "linkReference", "image", "imageReference", "html", "definition"];

/** Reads back what was written, because writing and reading Markdown are two programs. */
function isInert(written: string): boolean {
  if (written.match(CODE_CONTROL) !== null) return false;
  for (const node of descendants(fromMarkdown(written))) {
    if (LIVE_NODES.includes(node.type)) return false;
    if (node.type === "text" && [ADDRESS, NAMED, CONTROL].some((live) => node.value.match(live) !== null)) return false;
  }
  return true;
}
