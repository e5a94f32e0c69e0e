import type { Position } from "./diagnostic.ts";

/** Line and column of an offset (in UTF-16 units) in a text, counted from 1. */
export function positionAt(source: string, offset: number): Position {
  const end = Math.max(0, Math.min(offset, source.length));
  const starts = lineStarts(source);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= end) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: end - (starts[low] ?? 0) + 1 };
}

/** Line starts of the text asked about last: thousands of positions are asked about one file before the next. */
let indexed: { source: string; starts: readonly number[] } = { source: "", starts: [0] };

function lineStarts(source: string): readonly number[] {
  if (indexed.source !== source) {
    const starts = [0];
    for (let at = source.indexOf("\n"); at !== -1; at = source.indexOf("\n", at + 1)) starts.push(at + 1);
    indexed = { source, starts };
  }
  return indexed.starts;
}

/** Style in which a YAML scalar is written. It decides how a character of the value looks in the file. */
export type ScalarStyle = "plain" | "single" | "double" | "block";

/**
 * Offset in the file of a character of a YAML scalar's value. `start` is the offset of the scalar, its opening quote or
 * `|` included. Value and file are read in parallel: an escape counts as the character it stands for, and indentation
 * and folded line ends are skipped. Exact for every character that is not white space.
 */
export function offsetInScalar(
  source: string,
  scalar: { start: number; style: ScalarStyle; value: string },
  offset: number,
): number {
  let raw = bodyStart(source, scalar);
  let at = 0;
  while (raw < source.length) {
    const { char, length } = charAt(source, raw, scalar.style);
    const wanted = scalar.value[at];
    const folded = char === "\n" && wanted === " ";
    if (at >= offset && (char === wanted || folded || wanted === undefined)) return raw;
    if (char === wanted || folded) at++;
    else if (!/^\s*$/.test(char)) return raw;
    raw += length;
  }
  return raw;
}

function bodyStart(source: string, scalar: { start: number; style: ScalarStyle }): number {
  switch (scalar.style) {
    case "plain":
      return scalar.start;
    case "single":
    case "double":
      return scalar.start + 1;
    case "block": {
      const lineEnd = source.indexOf("\n", scalar.start);
      return lineEnd === -1 ? source.length : lineEnd + 1;
    }
  }
}

const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "0": "\0", _: "\u00a0", e: "\u001b" };

/** The character of the value that is written at `at`, and the number of characters it takes in the file. */
function charAt(source: string, at: number, style: ScalarStyle): { char: string; length: number } {
  const char = source[at] ?? "";
  const next = source[at + 1] ?? "";
  if (style === "single" && char === "'" && next === "'") return { char: "'", length: 2 };
  if (style !== "double" || char !== "\\") return { char, length: 1 };
  if (next === "\n") return { char: "", length: 2 };
  const digits = HEX_DIGITS[next];
  if (digits === undefined) return { char: ESCAPES[next] ?? next, length: 2 };
  const code = Number.parseInt(source.slice(at + 2, at + 2 + digits), 16);
  return { char: code <= 0xffff ? String.fromCharCode(code) : "", length: 2 + digits };
}
