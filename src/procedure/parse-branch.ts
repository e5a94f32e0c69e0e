/** Reads the beginning of a branch: the bold word, and the condition after it. */
import type { ListItem } from "mdast";
import { report } from "../language/yaml-file.ts";
import { type BodyReading, mayCompile, positionIn } from "./body-reading.ts";
import { checkedExpression } from "./checked.ts";
import type { BranchTest } from "./definition.ts";
import { codeOffsets, type FlatText, flatten, plainText } from "./flat-text.ts";

export interface Keyword {
  word: "if" | "else if" | "else";
  /** The word as the file has it. */
  written: string;
}

/** Words that people write for the ones that are read. */
const MEANT: Readonly<Record<string, Keyword["word"]>> = {
  elif: "else if",
  elseif: "else if",
  "else-if": "else if",
  "or if": "else if",
  otherwise: "else",
};

/** The bold word with which a list item begins, if it makes the item a branch. */
export function branchKeyword(item: ListItem, { yaml }: BodyReading): Keyword | null {
  const [paragraph] = item.children;
  const [bold] = paragraph?.type === "paragraph" ? paragraph.children : [];
  if (bold?.type !== "strong") return null;
  const written = flatten(bold.children, yaml).text.trim().replace(/[:,]$/, "");
  const word = written.toLowerCase().replaceAll(/ +/g, " ");
  if (word === "if" || word === "else if" || word === "else") return { word, written };
  const meant = Object.hasOwn(MEANT, word) ? MEANT[word] : undefined;
  return meant === undefined ? null : { word: meant, written };
}

export interface BranchHead {
  test: BranchTest;
  /** What follows the condition in the first paragraph. */
  rest: FlatText;
}

/** Reads the condition of a branch; null after reporting its fault. */
export function readBranchHead(item: ListItem, reading: BodyReading): BranchHead | null {
  const [paragraph] = item.children;
  const keyword = branchKeyword(item, reading);
  if (keyword === null || paragraph?.type !== "paragraph") return null;
  const at = item.position?.start.offset ?? 0;
  const meant = MEANT[keyword.written.toLowerCase()];
  if (meant !== undefined)
    refuse(reading, at, `write **${meant[0]?.toUpperCase()}${meant.slice(1)}** instead of **${keyword.written}**`);
  const flat = trimmed(flatten(paragraph.children.slice(1), reading.yaml), 0);
  if (keyword.word === "else") return { test: { kind: "else" }, rest: afterMark(flat) };
  const node = flat.nodes.get(0);
  if (node?.type === "inlineCode" && !node.value.startsWith("@")) return readCondition(flat, { at, reading });
  return readJudged(flat, { at, reading, keyword });
}

interface HeadOptions {
  /** Offset of the item. */
  at: number;
  reading: BodyReading;
}

/** Reads a condition in code font, which the engine decides. */
function readCondition(flat: FlatText, { at, reading }: HeadOptions): BranchHead | null {
  const node = flat.nodes.get(0);
  if (node?.type !== "inlineCode" || !mayCompile(reading, at)) return null;
  const offsets = codeOffsets(node, reading.yaml.source);
  const expression = checkedExpression(node.value, {
    yaml: reading.yaml,
    scope: reading.head.scope,
    wanted: "bool",
    locate: (offset) => positionIn(offsets, offset, reading),
  });
  const rest = trimmed(flat, 1);
  if (rest.text !== "" && !/^(?:[:,]|then\b)/i.test(rest.text))
    return refuse(
      reading,
      rest.offsets[0] ?? at,
      "put a colon after the condition; it is either code font or words, and a nested list can ask for both",
    );
  return expression === null ? null : { test: { kind: "condition", if: expression }, rest: afterMark(rest) };
}

/** Reads a condition in words, which a model judges. It ends at the first colon. */
function readJudged(flat: FlatText, { at, reading, keyword }: HeadOptions & { keyword: Keyword }): BranchHead | null {
  const colon = flat.text.indexOf(":");
  if (colon === -1) return refuse(reading, at, `put a colon after the condition of **${keyword.written}**`);
  const when = plainText(trimmed(flat, 0, colon));
  if (when === "") return refuse(reading, at, `**${keyword.written}** needs a condition, in code font or in words`);
  const action = [...flat.nodes].find(
    ([place, node]) => place < colon && node.type === "inlineCode" && node.value.startsWith("@"),
  );
  if (action !== undefined)
    return refuse(reading, flat.offsets[action[0]] ?? at, "an action is no condition; put it after the colon");
  return { test: { kind: "judged", when }, rest: trimmed(flat, colon + 1) };
}

/** A flat text without the colon, comma or "then" that ends a condition. */
function afterMark(flat: FlatText): FlatText {
  const mark = /^(?:[:,]? *then\b|[:,])/i.exec(flat.text);
  return trimmed(flat, mark?.[0].length ?? 0);
}

/** The part of a flat text between two places, without white space around it. */
function trimmed(flat: FlatText, from: number, to = flat.text.length): FlatText {
  const part = flat.text.slice(from, to);
  const start = from + part.length - part.trimStart().length;
  const text = part.trim();
  const nodes = [...flat.nodes].flatMap(([place, node]) =>
    place >= start && place < start + text.length ? [[place - start, node] as const] : [],
  );
  return { text, offsets: flat.offsets.slice(start, start + text.length), nodes: new Map(nodes) };
}

function refuse({ yaml }: BodyReading, at: number, message: string): null {
  report(yaml, { at, number: "019", message });
  return null;
}
