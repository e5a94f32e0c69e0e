/** The bounds of the YAML between the lines of dashes with which a file begins. */

export interface FrontMatter {
  /** Offset at which the YAML ends, before the closing dashes. The opening dashes belong to it: they begin a document. */
  end: number;
  /** Offset at which the Markdown begins. */
  bodyStart: number;
}

/** Finds the front matter of a file; null if it does not begin with one, or the closing dashes are missing. */
export function frontMatterOf(source: string): FrontMatter | null {
  const opening = /^---[ \t]*\r?\n/.exec(source);
  if (opening === null) return null;
  const closing = /^---[ \t]*(?:\r?\n|$)/gm;
  closing.lastIndex = opening[0].length;
  const found = closing.exec(source);
  return found === null ? null : { end: found.index, bodyStart: found.index + found[0].length };
}
