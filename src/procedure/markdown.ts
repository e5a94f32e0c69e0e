/** Parses the Markdown of a file within bounds on what it may cost. */
import type { RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";

/**
 * Our own limits, several times those of a long procedure. Markdown parsers search a counterpart for each mark of a
 * paragraph, and compare each line with all open lists, so larger input would take seconds.
 */
const MAX_LINES = 3_000;
const MAX_MARKS = 1_000;
const MAX_NESTED = 9;

const MARK = /[*_~`[\]<>!\\]|&(?=[#\w])/g;
/** Spaces before an item that is nested too deeply. */
const MAX_INDENT = 32;
/** A line that opens too many nested lists and quotes, or whose item stands too far to the right. */
const NESTED = new RegExp(
  [
    String.raw`^(?:[ \t]*(?:[-+*>]|\d{1,9}[.)])(?=[ \t]|$|>)){${MAX_NESTED}}`,
    String.raw`^[ \t]{${MAX_INDENT + 1},}(?:[-+*]|\d{1,9}[.)])[ \t]`,
  ].join("|"),
  "m",
);

export type Markdown = { nodes: readonly RootContent[] } | { at: number; message: string };

/**
 * Parses the page from an offset on. What stands before it is blanked out, so that offsets are those of the file. Returns
 * a fault for text that could take too long.
 */
export function parseMarkdown(source: string, from: number): Markdown {
  const fault = boundsFault(source, from);
  if (fault !== null) return fault;
  try {
    return { nodes: fromMarkdown(source.slice(0, from).replaceAll(/[^\r\n]/g, " ") + source.slice(from)).children };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { at: from, message: "the page is nested too deeply to be read" };
  }
}

function boundsFault(source: string, from: number): { at: number; message: string } | null {
  const body = source.slice(from);
  const nested = NESTED.exec(body);
  if (nested !== null) return { at: from + nested.index, message: "lists and quotes are nested too deeply to be read" };
  const lines = body.match(/\n/g)?.length ?? 0;
  if (lines > MAX_LINES) return { at: from, message: `the page has ${lines} lines; ${MAX_LINES} are read at most` };
  let at = from;
  for (const part of body.split(/(\n[ \t]*\r?\n)/)) {
    if ((part.match(MARK)?.length ?? 0) > MAX_MARKS)
      return { at, message: `a paragraph may have ${MAX_MARKS} marks (*, _, [, \` and the like); this has more` };
    at += part.length;
  }
  return null;
}
