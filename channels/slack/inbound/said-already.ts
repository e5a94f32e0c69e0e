/**
 * Tells which words of a message stand in it twice: its `text` repeats what its blocks say, in another notation. Words are
 * compared, never their marks; names of people, channels and dates are left out, because only one of the two has them.
 */
import type { Block } from "./blocks-in.ts";

/** From this many words on, a line is said where its words follow one another anywhere, and not only as a line. */
const MIN_WORDS_INSIDE = 2;
/** What Slack puts before a line of a list: "• ", "1. ", "    a. ". */
const LIST_SIGN = /^\s*(?:[•◦▪–-]\ufe0e?|\p{N}{1,3}[.)]|\p{L}{1,4}[.)])\s+/u;
/** Names in control sequences, and the marks of bold, italics, deletion and code, which may stand within a word. */
const NAMED = /<[@#!][^<>]*>/g;
const MARKS = /[*_~`]/g;
const NAMED_ELEMENTS: ReadonlySet<string> = new Set(["user", "usergroup", "channel", "broadcast", "date"]);

/** The raw text without the names in it, to be read and compared. */
export const nameless = (text: string): string => text.replaceAll(NAMED, " ");

/** The block without the names in it. */
export function namelessBlock(block: Block): Block {
  const { type, text, elements, fields, rows } = block;
  const without = (blocks: Block[]): Block[] =>
    blocks.filter((one) => !NAMED_ELEMENTS.has(one.type ?? "")).map(namelessBlock);
  return {
    ...block,
    ...(typeof text === "string" && type === "mrkdwn" ? { text: nameless(text) } : {}),
    ...(typeof text === "object" ? { text: namelessBlock(text) } : {}),
    ...(elements === undefined ? {} : { elements: without(elements) }),
    ...(fields === undefined ? {} : { fields: without(fields) }),
    ...(rows === undefined ? {} : { rows: rows.map(without) }),
  };
}

/** What was said so far. Takes time in proportion to what it is told and asked. */
export class Said {
  readonly #lines = new Set<string>();
  readonly #words = new Set<string>();
  readonly #pairs = new Set<string>();

  add(text: string): void {
    // A block of code begins a new line, whether or not its text does.
    for (const line of text.split(/\n|```/)) {
      const words = wordsOf(line);
      this.#lines.add(words.join(" "));
      for (const [at, word] of words.entries()) {
        this.#words.add(word);
        this.#pairs.add(pair(word, words[at + 1]));
      }
    }
  }

  /** `mirrored`: the same words in another notation, so that even one word alone is the same word. */
  has(line: string, { mirrored = false }: { mirrored?: boolean } = {}): boolean {
    const words = wordsOf(line);
    if (mirrored) return words.every((word) => this.#words.has(word));
    if (words.length === 0 || this.#lines.has(words.join(" "))) return true;
    if (words.length < MIN_WORDS_INSIDE) return false;
    return words.every((word, at) => at === words.length - 1 || this.#pairs.has(pair(word, words[at + 1])));
  }
}

const pair = (one: string, other = ""): string => `${one} ${other}`;

/** A link's scheme is left out: of a bare address only one of the two may have it. */
const wordsOf = (line: string): string[] =>
  line
    .replace(LIST_SIGN, "")
    .replaceAll(MARKS, "")
    .toLowerCase()
    .replaceAll(/https?:\/\/|mailto:|tel:/g, " ")
    .match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu) ?? [];
