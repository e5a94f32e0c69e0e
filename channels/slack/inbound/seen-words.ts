/**
 * Finds words that a message contains twice: its `text` repeats its blocks in another notation. Compares words without
 * their formatting; names of people and channels and dates are left out, because only one of the two has them.
 */
import type { Block } from "./blocks-in.ts";

/** A line of this many words counts as seen if its words follow one another anywhere, not only as a whole line. */
const MIN_WORDS_INSIDE = 2;
/** Prefixes of list lines in Slack's text: "• ", "1. ", "    a. ". */
const LIST_SIGN = /^\s*(?:[•◦▪–-]\ufe0e?|\p{N}{1,3}[.)]|\p{L}{1,4}[.)])\s+/u;
/** Control sequences with names, and the marks of bold, italics, strike-through and code, which may be within a word. */
const NAMED = /<[@#!][^<>]*>/g;
const MARKS = /[*_~`]/g;
const NAMED_ELEMENTS: ReadonlySet<string> = new Set(["user", "usergroup", "channel", "broadcast", "date"]);

/** Removes the names from a raw text, for comparing. */
export const withoutNames = (text: string): string => text.replaceAll(NAMED, " ");

/** Removes the names from a block, for comparing. */
export function blockWithoutNames(block: Block): Block {
  const { type, text, elements, fields, rows } = block;
  const without = (blocks: Block[]): Block[] =>
    blocks.filter((one) => !NAMED_ELEMENTS.has(one.type ?? "")).map(blockWithoutNames);
  return {
    ...block,
    ...(typeof text === "string" && type === "mrkdwn" ? { text: withoutNames(text) } : {}),
    ...(typeof text === "object" ? { text: blockWithoutNames(text) } : {}),
    ...(elements === undefined ? {} : { elements: without(elements) }),
    ...(fields === undefined ? {} : { fields: without(fields) }),
    ...(rows === undefined ? {} : { rows: rows.map(without) }),
  };
}

/** An index of the words seen so far. Takes time in proportion to its input. */
export class SeenWords {
  readonly #lines = new Set<string>();
  readonly #words = new Set<string>();
  readonly #pairs = new Set<string>();

  add(text: string): void {
    // A code block begins a new line, even within a line of text.
    for (const line of text.split(/\n|```/)) {
      const words = wordsOf(line);
      this.#lines.add(words.join(" "));
      for (const [at, word] of words.entries()) {
        this.#words.add(word);
        this.#pairs.add(pair(word, words[at + 1]));
      }
    }
  }

  /** True when a line was seen. `mirrored`: the line repeats the text in another notation, so single words count. */
  has(line: string, { mirrored = false }: { mirrored?: boolean } = {}): boolean {
    const words = wordsOf(line);
    if (mirrored) return words.every((word) => this.#words.has(word));
    if (words.length === 0 || this.#lines.has(words.join(" "))) return true;
    if (words.length < MIN_WORDS_INSIDE) return false;
    return words.every((word, at) => at === words.length - 1 || this.#pairs.has(pair(word, words[at + 1])));
  }
}

const pair = (one: string, other = ""): string => `${one} ${other}`;

/** Splits a line into words, without a link's scheme, which only one of the two may have. */
const wordsOf = (line: string): string[] =>
  line
    .replace(LIST_SIGN, "")
    .replaceAll(MARKS, "")
    .toLowerCase()
    .replaceAll(/https?:\/\/|mailto:|tel:/g, " ")
    .match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu) ?? [];
