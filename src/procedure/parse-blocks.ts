/** Reads the blocks of a step: paragraphs, lists, branches and code. */
import type { BlockContent, DefinitionContent, List, ListItem, Paragraph, RootContent } from "mdast";
import { report } from "../language/yaml-file.ts";
import { type BodyReading, positionOf } from "./body-reading.ts";
import type { Block, Inline } from "./definition.ts";
import { refuseHtml } from "./flat-text.ts";
import { branchKeyword, readBranchHead } from "./parse-branch.ts";
import { readCode } from "./parse-code.ts";
import { readFlat, readInlines } from "./parse-inline.ts";

/** Our own limit: nobody follows deeper decisions in prose. */
const MAX_DEPTH = 8;

/** Where blocks stand: the path of what holds them ("cancel.2.0"), and how deep that is. */
export interface BlockPlace {
  path: string;
  depth: number;
  reading: BodyReading;
}

/** Reads the blocks of a step, a list item or a branch. */
export function readBlocks(nodes: readonly RootContent[], place: BlockPlace): readonly Block[] {
  return appendBlocks([], nodes, place);
}

function appendBlocks(blocks: Block[], nodes: readonly RootContent[], place: BlockPlace): readonly Block[] {
  for (const node of nodes) appendBlock(blocks, node, place);
  return blocks;
}

function appendBlock(blocks: Block[], node: RootContent, place: BlockPlace): void {
  const { reading } = place;
  if (node.type === "paragraph" || node.type === "heading")
    return addProse(blocks, readInlines(node.children, reading), node, reading);
  if (node.type === "list") return appendList(blocks, node, place);
  if (node.type === "html") return refuseHtml(node.position?.start.offset ?? 0, reading.yaml);
  if (node.type === "code") {
    const code = readCode(node, reading);
    if (code !== null) blocks.push({ kind: "code", code, position: positionOf(node, reading) });
  } else if (node.type === "blockquote" && !isTooDeep(node, place)) {
    appendBlocks(blocks, node.children, { ...place, depth: place.depth + 1 });
  }
  // Lines across the page, and addresses of links, are nothing that is read.
}

function addProse(blocks: Block[], parts: readonly Inline[], node: RootContent, reading: BodyReading): void {
  if (parts.some((part) => part.kind !== "text" || part.text.trim() !== ""))
    blocks.push({ kind: "prose", parts, position: positionOf(node, reading) });
}

function isTooDeep(node: RootContent, { depth, reading }: BlockPlace): boolean {
  if (depth < MAX_DEPTH) return false;
  const message = `lists may be nested ${MAX_DEPTH} deep; make steps of it`;
  report(reading.yaml, { at: node.position?.start.offset ?? 0, number: "001", message });
  return true;
}

function appendList(blocks: Block[], list: List, place: BlockPlace): void {
  const { reading } = place;
  if (isTooDeep(list, place)) return;
  const inner = { ...place, depth: place.depth + 1 };
  if (list.children.some((item) => branchKeyword(item, reading) !== null)) return appendChains(blocks, list, inner);
  const at = `${place.path}.${blocks.length}`;
  const items = list.children.map((item, index) => readBlocks(item.children, { ...inner, path: `${at}.${index}` }));
  blocks.push({ kind: "list", items, ordered: list.ordered === true, position: positionOf(list, reading) });
}

/** Reads a list of branches. Every **If** begins a chain; what follows it belongs to that chain. */
function appendChains(blocks: Block[], list: List, place: BlockPlace): void {
  let chain: Extract<Block, { kind: "branches" }> | null = null;
  let closed = true;
  for (const item of list.children) {
    const keyword = branchKeyword(item, place.reading);
    if (keyword === null) {
      refuseItem(item, place, "every item of this list begins with **If**, **Else if** or **Else**, or none does");
      continue;
    }
    if (keyword.word === "if") {
      chain = { kind: "branches", branches: [], position: positionOf(item, place.reading) };
      blocks.push(chain);
      closed = false;
    } else if (chain === null) {
      refuseItem(item, place, `**${keyword.written}** must follow an **If** in the same list`);
      chain = { kind: "branches", branches: [], position: positionOf(item, place.reading) };
      closed = false;
    } else if (closed) {
      refuseItem(item, place, `nothing can follow **Else**; this is **${keyword.written}**`);
    }
    if (keyword.word === "else") closed = true;
    const id = `${place.path}.${blocks.length - 1}.${chain.branches.length}`;
    const branch = readBranch(item, { id, place });
    if (branch !== null) chain.branches = [...chain.branches, branch];
  }
}

function refuseItem(item: ListItem, { reading }: BlockPlace, message: string): void {
  report(reading.yaml, { at: item.position?.start.offset ?? 0, number: "019", message });
}

function readBranch(item: ListItem, { id, place }: { id: string; place: BlockPlace }) {
  const [first, ...rest] = item.children as [Paragraph, ...(BlockContent | DefinitionContent)[]];
  const { reading } = place;
  const head = readBranchHead(item, reading);
  if (head === null) return null;
  const body: Block[] = [];
  addProse(body, readFlat(head.rest, reading), first, reading);
  appendBlocks(body, rest, { ...place, path: id });
  return { id, test: head.test, body, position: positionOf(item, reading) };
}
