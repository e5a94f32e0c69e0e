/**
 * The words of a paragraph as one text, each character with its offset in the file. Emphasis is dropped; whatever is no
 * text (code, links) is one placeholder character, under which the node is found.
 */
import type { InlineCode, Link, PhrasingContent } from "mdast";
import { report, type YamlFile } from "../language/yaml-file.ts";

/** Stands for a node in a flat text: the object replacement character, which no text of ours needs. */
export const PLACEHOLDER = "\uFFFC";

export type Opaque = InlineCode | Link;

export interface FlatText {
  text: string;
  /** Offset in the file of each character of the text. */
  offsets: readonly number[];
  /** Nodes by the place of their placeholder. */
  nodes: ReadonlyMap<number, Opaque>;
}

interface Building {
  yaml: YamlFile;
  text: string[];
  offsets: number[];
  nodes: Map<number, Opaque>;
}

/** Flattens the children of a paragraph, a heading or a link. */
export function flatten(children: readonly PhrasingContent[], yaml: YamlFile): FlatText {
  const building: Building = { yaml, text: [], offsets: [], nodes: new Map() };
  for (const child of children) addNode(child, building);
  return { text: building.text.join(""), offsets: building.offsets, nodes: building.nodes };
}

function addNode(node: PhrasingContent, to: Building): void {
  const start = node.position?.start.offset ?? 0;
  switch (node.type) {
    case "text":
      return addText(node.value, { from: start, to: node.position?.end.offset ?? start }, to);
    case "inlineCode":
      return isValue(node.value) ? addCode(node, to) : addOpaque(node, start, to);
    case "link":
      return node.url.startsWith("#") ? addOpaque(node, start, to) : addChildren(node.children, to);
    case "emphasis":
    case "strong":
    case "delete":
    case "linkReference":
      return addChildren(node.children, to);
    case "break":
      return addCharacter(" ", start, to);
    case "image":
    case "imageReference":
      for (const char of node.alt ?? "") addCharacter(char, start, to);
      return;
    case "html":
      return refuseHtml(start, to.yaml);
    case "footnoteReference":
      return;
  }
}

/** Reports HTML, which a model reads and people do not see. */
export function refuseHtml(at: number, yaml: YamlFile): void {
  const message =
    "HTML is not shown to people who read the page; write it as text, with \\< for < (only <!-- was: old-id --> under a heading is read)";
  report(yaml, { at, number: "021", message });
}

function addChildren(children: readonly PhrasingContent[], to: Building): void {
  for (const child of children) addNode(child, to);
}

/** Tells whether code font holds nothing but `{{ … }}`, so that it is part of the text around it. */
const isValue = (code: string): boolean => code.startsWith("{{") && code.endsWith("}}");

function addOpaque(node: Opaque, at: number, to: Building): void {
  to.nodes.set(to.text.length, node);
  addCharacter(PLACEHOLDER, at, to);
}

function addCharacter(char: string, at: number, to: Building): void {
  for (const unit of char.split("")) {
    to.text.push(unit);
    to.offsets.push(at);
  }
}

function addText(value: string, span: { from: number; to: number }, to: Building): void {
  for (const [at, offset] of offsetsOf(value, to.yaml.source, { ...span, escapes: true }).entries()) {
    const char = value[at] ?? "";
    // A placeholder in the file would point at no node.
    to.text.push(/\s/.test(char) ? " " : char === PLACEHOLDER ? " " : char);
    to.offsets.push(offset);
  }
}

function addCode(node: InlineCode, to: Building): void {
  const offsets = codeOffsets(node, to.yaml.source);
  for (const [at, offset] of offsets.entries()) addCharacter(node.value[at] ?? "", offset, to);
}

/** Offsets in the file of the characters of a code span. */
export function codeOffsets(node: InlineCode, source: string): readonly number[] {
  const start = node.position?.start.offset ?? 0;
  const to = node.position?.end.offset ?? start;
  const fence = /^`+/.exec(source.slice(start, to))?.[0].length ?? 1;
  return offsetsOf(node.value, source, { from: start + fence, to, escapes: false });
}

interface Span {
  from: number;
  to: number;
  /** True where a backslash or `&amp;` stands for another character. */
  escapes: boolean;
}

const REFERENCE = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/iy;

/** Offsets of a value's characters, which are read in parallel with the file: escapes and indentation are skipped. */
function offsetsOf(value: string, source: string, span: Span): number[] {
  const offsets: number[] = [];
  let raw = span.from;
  for (let at = 0; at < value.length; at++) {
    const char = value[at] ?? "";
    for (; raw < span.to; raw++) {
      const here = source[raw] ?? "";
      const reference = span.escapes && here === "&" ? referenceAt(source, raw) : null;
      if (reference !== null && !value.startsWith(reference, at)) break;
      if (here === char || (/\s/.test(char) && here === "\n")) break;
    }
    offsets.push(Math.min(raw, span.to));
    const reference = span.escapes && source[raw] === "&" ? referenceAt(source, raw) : null;
    raw += reference !== null && !value.startsWith(reference, at) ? reference.length : 1;
  }
  return offsets;
}

function referenceAt(source: string, at: number): string | null {
  REFERENCE.lastIndex = at;
  return REFERENCE.exec(source)?.[0] ?? null;
}

/** A flat text with the words of its code and links in place of their placeholders. */
export function plainText({ text, nodes }: FlatText): string {
  const words = text.split("").map((char, at) => {
    const node = nodes.get(at);
    if (node === undefined) return char;
    return node.type === "inlineCode" ? node.value : "";
  });
  return words.join("").trim();
}
