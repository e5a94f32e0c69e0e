/** Splits the page of a scenario into its sections and their list items. */

export interface Section {
  title: string;
  /** Offset of the heading. */
  at: number;
  items: readonly Item[];
}

/** A list item, as it is written; lines below it that are indented belong to it. */
export interface Item {
  text: string;
  /** Offset of its first letter. */
  at: number;
}

export interface Sections {
  sections: readonly Section[];
  /** Lines of a section that are no list items. */
  stray: readonly Item[];
}

/**
 * Reads the page from an offset on, line by line: customers' texts stand in it as they are written, marks of Markdown
 * included. Text before the first heading is for readers.
 */
export function sectionsOf(source: string, from: number): Sections {
  const sections: (Section & { items: Item[] })[] = [];
  const stray: Item[] = [];
  let last: Item | null = null;
  let at = from;
  for (const line of source.slice(from).split("\n")) {
    const text = line.trimEnd();
    const heading = /^#{1,6}\s+(.*)$/.exec(text);
    const item = /^[-*+]\s+(?=\S)/.exec(text);
    const current = sections.at(-1);
    if (heading !== null) {
      sections.push({ title: heading[1] ?? "", at, items: [] });
      last = null;
    } else if (item !== null && current !== undefined) {
      last = { text: line.slice(item[0].length), at: at + item[0].length };
      current.items.push(last);
    } else if (/^\s+\S/.test(text) && last !== null) last.text += `\n${line}`;
    else if (text !== "" && current !== undefined) stray.push({ text, at });
    at += line.length + 1;
  }
  return { sections, stray };
}
