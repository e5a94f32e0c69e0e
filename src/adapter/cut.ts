/**
 * Cuts a text into pieces of at most `max`: after a paragraph, a line, a sentence or a word, and only then between
 * graphemes.
 *
 * 1. The pieces, joined, are the text.
 * 2. No piece measures more than `max`.
 * 3. No cut falls inside a grapheme, unless that grapheme alone is longer than `max`; never inside a surrogate pair.
 * 4. No piece is blank (a platform refuses such), unless a run of blanks leaves no room for the character beside it.
 */

/** Returns the length of a text in the channel's unit. Must not shrink when the text grows. */
export type Measure = (text: string) => number;

/** No-break spaces (U+00A0, U+2007, U+202F, U+FEFF) hold their words together. */
const SPACE = String.raw`(?:(?![\u00a0\u2007\u202f\ufeff])\s)`;

/** Each pattern ends where a cut may fall; the first pattern with a good place wins. */
const BOUNDARIES = [
  new RegExp(String.raw`\n[^\S\n]*\n\s*`, "gu"),
  new RegExp(String.raw`\n\s*`, "gu"),
  new RegExp(String.raw`[.!?…]["'’”»)\]]*${SPACE}+|[。！？]["'’”»）」]*\s*`, "gu"),
  new RegExp(`${SPACE}+`, "gu"),
];

/** Below half of a full piece, a better kind of boundary is not worth one more send. */
const WORTH_FILLING = 0.5;

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Throws RangeError if not even one character fits in `max`: no adapter has such a limit. */
export function cut(text: string, max: number, measure: Measure): string[] {
  const pieces: string[] = [];
  let start = 0;
  while (start < text.length) {
    const fits = (end: number) => measure(text.slice(start, end)) <= max;
    const reach = furthest(start, text.length, fits);
    const end = reach === text.length ? reach : start + bestLength(text.slice(start), reach - start);
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}

/** Returns the starts of the last paragraph, line and sentence of `text`, in this order; blank ones do not count. */
export function tailStarts(text: string): number[] {
  const begins = (at: number) => graphemes.segment(text).containing(at)?.index === at;
  return BOUNDARIES.slice(0, 3).flatMap((boundary) => {
    const start = boundaryEnds(text, boundary).findLast((at) => at > 0 && text.slice(at).trim() !== "" && begins(at));
    return start === undefined ? [] : [start];
  });
}

/** The last end after `start` that still fits, in code units; `start` if none does. Doubles, then halves. */
function furthest(start: number, length: number, fits: (end: number) => boolean): number {
  let good = start;
  let bad = length + 1;
  for (let step = 64; good + step < bad; step *= 2) {
    if (fits(good + step)) good += step;
    else bad = good + step;
  }
  while (good + 1 < bad) {
    const probe = (good + bad) >> 1;
    if (fits(probe)) good = probe;
    else bad = probe;
  }
  return good;
}

/** Returns the length of the next piece of `rest`, if `reach` code units of it fit but not all. */
function bestLength(rest: string, reach: number): number {
  const piece = rest.slice(0, reach);
  // One character of lookahead decides whether a grapheme has ended (UAX #29).
  const segments = graphemes.segment(rest.slice(0, reach + 2));
  const blank = reach - piece.trimStart().length;
  // If only blanks were left over, something visible has to go along with them.
  const limit = rest.slice(reach).trimStart() === "" ? piece.trimEnd().length - 1 : reach;
  const good = (end: number) => end > blank && end <= limit && lastEnd(segments, end) === end;
  const last = BOUNDARIES.map((boundary) => boundaryEnds(piece, boundary).findLast(good));
  const worth = last.find((end) => end !== undefined && end >= reach * WORTH_FILLING);
  const chosen = worth ?? last.at(-1);
  if (chosen !== undefined) return chosen;
  const visible = lastEnd(segments, limit);
  return (visible > blank ? visible : lastEnd(segments, reach)) || withinGrapheme(piece);
}

/** The last end of a grapheme at or before `at`. */
function lastEnd(segments: Intl.Segments, at: number): number {
  return segments.containing(at)?.index ?? 0;
}

function boundaryEnds(text: string, boundary: RegExp): number[] {
  return [...text.matchAll(boundary)].map((match) => match.index + match[0].length);
}

function withinGrapheme(piece: string): number {
  const end = /[\uD800-\uDBFF]$/.test(piece) ? piece.length - 1 : piece.length;
  if (end > 0) return end;
  throw new RangeError("Not one character fits in the channel's text limit: raise `text.max` in its capabilities");
}
