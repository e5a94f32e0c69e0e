/** Reads a regular expression into a tree. Its syntax has been checked with the `u` flag, so reading cannot fail. */

/** Ranges of code points, both ends included. A set may hold more than the engine matches, but never less. */
export type Ranges = readonly (readonly [from: number, to: number])[];

export type PatternNode =
  | { kind: "one"; of: Ranges }
  | { kind: "edge"; of: "^" | "$" | "\\b" | "\\B" }
  | { kind: "all"; of: readonly PatternNode[] }
  | { kind: "either"; of: readonly PatternNode[] }
  | { kind: "repeat"; of: PatternNode; min: number; max: number };

export interface Token {
  text: string;
  /** Offset in the pattern, in UTF-16 units. */
  at: number;
}

const LAST = 0x10ffff;
const ANY: Ranges = [[0, LAST]];
const DIGIT: Ranges = [[48, 57]];
const WORD: Ranges = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
/** ECMAScript's WhiteSpace and LineTerminator, https://tc39.es/ecma262/#sec-white-space */
const SPACE: Ranges = [
  [9, 13],
  [32, 32],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
const LINE_END: Ranges = [
  [10, 10],
  [13, 13],
  [0x2028, 0x2029],
];
const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, v: 11, f: 12, "0": 0 };

const ESCAPE = String.raw`\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[a-zA-Z]|.)`;
const TOKEN = new RegExp(
  String.raw`${ESCAPE}|\[(?:\\.|[^\]\\])*\]|\(\?(?::|<?[=!]|.)|(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})\??|.`,
  "gsu",
);
const IN_CLASS = new RegExp(`${ESCAPE}|.`, "gsu");

export function tokensOf(source: string): Token[] {
  return [...source.matchAll(TOKEN)].map(({ 0: text, index }) => ({ text, at: index }));
}

/** Builds the tree of a pattern from its tokens, which hold no look-arounds and no back-references. */
export function readPattern(tokens: readonly Token[]): PatternNode {
  let at = 0;
  const either = (): PatternNode => {
    const ways = [all()];
    while (tokens[at]?.text === "|") {
      at++;
      ways.push(all());
    }
    return ways.length === 1 && ways[0] !== undefined ? ways[0] : { kind: "either", of: ways };
  };
  const all = (): PatternNode => {
    const parts: PatternNode[] = [];
    for (let next = tokens[at]?.text; next !== undefined && next !== "|" && next !== ")"; next = tokens[at]?.text) {
      at++;
      parts.push(repeated(next.startsWith("(") ? group() : single(next)));
    }
    return { kind: "all", of: parts };
  };
  const group = (): PatternNode => {
    const inner = either();
    at++;
    return inner;
  };
  const repeated = (of: PatternNode): PatternNode => {
    const bounds = boundsOf(tokens[at]?.text ?? "");
    if (bounds === null) return of;
    at++;
    return { kind: "repeat", of, ...bounds };
  };
  return either();
}

function boundsOf(text: string): { min: number; max: number } | null {
  const sign = text.length === 2 && text.endsWith("?") ? text[0] : text;
  if (sign === "*") return { min: 0, max: Number.POSITIVE_INFINITY };
  if (sign === "+") return { min: 1, max: Number.POSITIVE_INFINITY };
  if (sign === "?") return { min: 0, max: 1 };
  const [, min, comma, max] = /^\{([0-9]+)(,?)([0-9]*)\}\??$/u.exec(text) ?? [];
  if (min === undefined) return null;
  if (comma === "") return { min: Number(min), max: Number(min) };
  return { min: Number(min), max: max === "" ? Number.POSITIVE_INFINITY : Number(max) };
}

function single(text: string): PatternNode {
  if (text === "^" || text === "$" || text === "\\b" || text === "\\B") return { kind: "edge", of: text };
  if (text === ".") return { kind: "one", of: without(LINE_END) };
  return { kind: "one", of: text.length > 1 && text.startsWith("[") ? classOf(text.slice(1, -1)) : setOf(text) };
}

function classOf(body: string): Ranges {
  const negated = body.startsWith("^");
  const items = (negated ? body.slice(1) : body).match(IN_CLASS) ?? [];
  const sets: (readonly [number, number])[] = [];
  for (let at = 0; at < items.length; at++) {
    const [low] = setOf(items[at] ?? "", "class");
    const [high] = items[at + 1] === "-" && at + 2 < items.length ? setOf(items[at + 2] ?? "", "class") : [];
    if (low !== undefined && high !== undefined) {
      sets.push([low[0], high[1]]);
      at += 2;
    } else sets.push(...setOf(items[at] ?? "", "class"));
  }
  if (!negated) return sets;
  // A property (`\p{…}`) counts as every character, so its complement is not known.
  return items.some((item) => /^\\[pP]/u.test(item)) ? ANY : without(sets);
}

function setOf(text: string, where: "class" | "outside" = "outside"): Ranges {
  if (!text.startsWith("\\")) return pointOf(text.codePointAt(0) ?? 0);
  const sign = text[1] ?? "";
  if (sign === "d") return DIGIT;
  if (sign === "w") return WORD;
  if (sign === "s") return SPACE;
  if (sign === "D") return without(DIGIT);
  if (sign === "W") return without(WORD);
  if (sign === "S") return without(SPACE);
  if (sign === "p" || sign === "P") return ANY;
  if (sign === "b" && where === "class") return pointOf(8);
  if (sign === "c") return pointOf((text.codePointAt(2) ?? 0) % 32);
  if (sign === "u" || sign === "x") {
    const point = Number.parseInt(text.slice(2).replaceAll(/[{}]/gu, ""), 16);
    // A surrogate is half of a character, which its other half decides.
    return point >= 0xd800 && point <= 0xdfff ? ANY : pointOf(point);
  }
  return pointOf(CONTROLS[sign] ?? text.codePointAt(1) ?? 0);
}

const pointOf = (point: number): Ranges => [[point, point]];

/** Every code point outside a set. */
function without(set: Ranges): Ranges {
  const rest: [number, number][] = [];
  let from = 0;
  for (const [low, high] of set.toSorted(([a], [b]) => a - b)) {
    if (low > from) rest.push([from, low - 1]);
    from = Math.max(from, high + 1);
  }
  if (from <= LAST) rest.push([from, LAST]);
  return rest;
}
