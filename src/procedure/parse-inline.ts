/** Reads the words of a paragraph: plain text, sentences said word for word, values, links, conditions and actions. */
import type { PhrasingContent } from "mdast";
import { report } from "../language/yaml-file.ts";
import { type BodyReading, mayCompile, positionIn } from "./body-reading.ts";
import { checkedExpression, checkedTemplate } from "./checked.ts";
import type { Inline } from "./definition.ts";
import { codeOffsets, type FlatText, flatten, type Opaque, PLACEHOLDER } from "./flat-text.ts";
import { readAction } from "./parse-action.ts";

/** Reads the children of a paragraph. */
export const readInlines = (children: readonly PhrasingContent[], reading: BodyReading): readonly Inline[] =>
  readFlat(flatten(children, reading.yaml), reading);

/** What ends a stretch of plain text: a node, a value, or a word after which a sentence in quotes is said as it stands. */
const MARKS = new RegExp(`${PLACEHOLDER}|\\{\\{|\\b(?:say|tell them|ask|answer)[:,]? +["“]`, "giu");

/** Reads a flat text. */
export function readFlat(flat: FlatText, reading: BodyReading): readonly Inline[] {
  const parts: Inline[] = [];
  const marks = new RegExp(MARKS);
  let from = 0;
  for (let mark = marks.exec(flat.text); mark !== null; mark = marks.exec(flat.text)) {
    const [found] = mark;
    // The words before the quotation mark are guidance.
    const begin = /["“]$/.test(found) ? marks.lastIndex - 1 : mark.index;
    addText(parts, flat.text.slice(from, begin));
    const { part, end } = readMark(flat, { found, begin, reading });
    if (part !== null) parts.push(part);
    from = end;
    marks.lastIndex = end;
  }
  addText(parts, flat.text.slice(from));
  return parts;
}

function addText(parts: Inline[], text: string): void {
  const last = parts.at(-1);
  if (text === "") return;
  if (last?.kind === "text") last.text += text;
  else parts.push({ kind: "text", text });
}

interface Mark {
  found: string;
  begin: number;
  reading: BodyReading;
}

function readMark(flat: FlatText, mark: Mark): { part: Inline | null; end: number } {
  const node = flat.nodes.get(mark.begin);
  if (node !== undefined) return { part: readNode(node, mark.reading), end: mark.begin + 1 };
  if (mark.found === "{{") return readValue(flat, mark);
  return readSaid(flat, mark);
}

function readNode(node: Opaque, reading: BodyReading): Inline | null {
  const start = node.position?.start.offset ?? 0;
  const position = positionIn([start], 0, reading);
  if (node.type === "link") {
    const text = flatten(node.children, reading.yaml).text;
    return { kind: "link", step: decoded(node.url.slice(1)), text, position };
  }
  const offsets = codeOffsets(node, reading.yaml.source);
  if (!mayCompile(reading, start)) return null;
  if (node.value.startsWith("@")) {
    const action = readAction(node.value, offsets, reading);
    return action === null ? null : { kind: "action", action, position };
  }
  const expression = checkedExpression(node.value, {
    yaml: reading.yaml,
    scope: reading.head.scope,
    wanted: "any",
    hint: "; code font holds an action, a condition or a value, so put other words in bold or quotes",
    locate: (offset) => positionIn(offsets, offset, reading),
  });
  return expression === null ? null : { kind: "expression", expression, position };
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}

/** Reads `{{ … }}`. */
function readValue(flat: FlatText, { begin, reading }: Mark): { part: Inline | null; end: number } {
  const closing = flat.text.indexOf("}}", begin);
  const at = flat.offsets[begin] ?? 0;
  if (closing === -1) {
    report(reading.yaml, { at, number: "012", message: "{{ without }} after it" });
    return { part: null, end: flat.text.length };
  }
  const end = closing + 2;
  const text = compiledText(flat, { begin, end, reading });
  return { part: text === null ? null : { kind: "value", text, position: positionIn([at], 0, reading) }, end };
}

/** Reads a sentence in straight double quotes. */
function readSaid(flat: FlatText, { begin, reading }: Mark): { part: Inline | null; end: number } {
  const at = flat.offsets[begin] ?? 0;
  if (flat.text[begin] === "“") {
    const message = 'only straight quotes (") hold a sentence that is said word for word; this one is guidance';
    report(reading.yaml, { at, number: "135", message, severity: "warning" });
    return { part: { kind: "text", text: "“" }, end: begin + 1 };
  }
  const close = closingQuote(flat.text, begin + 1);
  if (close === null) {
    report(reading.yaml, { at, number: "023", message: 'this sentence has no closing "' });
    return { part: null, end: flat.text.length };
  }
  const inside = [...flat.nodes.keys()].find((place) => place > begin && place < close);
  if (inside !== undefined) {
    const message = "a sentence in quotes is said word for word, so it holds only text and {{ }}";
    report(reading.yaml, { at: flat.offsets[inside] ?? at, number: "023", message });
    return { part: null, end: close + 1 };
  }
  const text = compiledText(flat, { begin: begin + 1, end: close, reading });
  return {
    part: text === null ? null : { kind: "said", text, position: positionIn([at], 0, reading) },
    end: close + 1,
  };
}

/** Place of the quotation mark that ends a sentence; those within `{{ … }}` and `{% … %}` do not. */
function closingQuote(text: string, from: number): number | null {
  const marks = /"|\{\{|\{%/g;
  marks.lastIndex = from;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    if (mark[0] === '"') return mark.index;
    const end = text.indexOf(mark[0] === "{{" ? "}}" : "%}", mark.index);
    if (end === -1) return null;
    marks.lastIndex = end + 2;
  }
  return null;
}

function compiledText(flat: FlatText, { begin, end, reading }: { begin: number; end: number; reading: BodyReading }) {
  if (!mayCompile(reading, flat.offsets[begin] ?? 0)) return null;
  const offsets = flat.offsets.slice(begin, end);
  return checkedTemplate(flat.text.slice(begin, end), {
    yaml: reading.yaml,
    scope: reading.head.scope,
    locate: (offset) => positionIn(offsets, offset, reading),
  });
}
