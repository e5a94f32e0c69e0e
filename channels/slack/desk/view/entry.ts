import type { KnownBlock, RichTextElement } from "@slack/types";
import { cut } from "../../../../src/adapter/cut.ts";
import type { DeskEntry } from "../../../../src/domain/case.ts";
import { UNNAMED } from "../../../../src/domain/customer-name.ts";
import { escapedLength } from "../../outbound/escape.ts";
import {
  bold,
  cleanName,
  type DeskMessage,
  isPerson,
  lines,
  mention,
  moment,
  NO_TEXT,
  smallPrint,
  words,
} from "./blocks.ts";

/** Look of customers' words: posts with the customer as author, or a line above that names them. */
export interface EntryLook {
  mirror: "username" | "line";
  /** True when somebody in the workspace has this name, so that a customer of that name could pass for them. */
  isTaken(name: string): boolean;
}

export interface EntryPost extends DeskMessage {
  /** Author of the post; left out: the app. */
  username?: string;
}

/** The longest text of a post, escaped: an update takes 4,000, which leaves room for a delivery status. */
const MAX_POST_CHARACTERS = 3_300;
/** The longest text of one block. */
const MAX_PIECE_CHARACTERS = 2_800;
/** Slack takes 50; this leaves room for a delivery status and its buttons. */
const MAX_POST_BLOCKS = 45;
/** `username` of chat.postMessage: Slack names no limit, and cuts names at 80. */
const MAX_USERNAME_CHARACTERS = 80;

/**
 * Renders entries as posts, in order and in full, as many per post as fit. Rendering is deterministic, so after a failure
 * the index of a post tells whether it was posted.
 */
export function entryPosts(entries: readonly DeskEntry[], look: EntryLook): EntryPost[] {
  const username = look.mirror === "username" ? commonName(entries, look) : null;
  const alone = entries.length === 1;
  const pieces = entries.flatMap((entry) => piecesOf(entry, { look, named: username === null, dated: !alone }));
  const posts = packPosts(pieces);
  return username === null ? posts : posts.map((post) => ({ ...post, username }));
}

/** Returns the author's name if one customer on one channel wrote all entries. */
function commonName(entries: readonly DeskEntry[], look: EntryLook): string | null {
  if (entries.some(({ kind }) => kind !== "customer")) return null;
  const names = new Set(entries.map((entry) => customerUsername(entry, look)));
  const [name] = names;
  return names.size === 1 && name !== undefined ? name : null;
}

/** Returns "Dana · sms", never just the name of somebody in the workspace. */
export function customerUsername(
  { author, channel }: Pick<DeskEntry, "author" | "channel">,
  { isTaken }: Pick<EntryLook, "isTaken">,
): string {
  const name = cleanName(author, UNNAMED);
  const suffix = `${isTaken(name) ? " (customer)" : ""} · ${cleanName(channel ?? "customer", "customer").slice(0, 30)}`;
  return `${name.slice(0, MAX_USERNAME_CHARACTERS - suffix.length).replace(/[\uD800-\uDBFF]$/, "")}${suffix}`;
}

interface Piece {
  text: string;
  block: KnownBlock;
}

function piecesOf(entry: DeskEntry, o: { look: EntryLook; named: boolean; dated: boolean }): Piece[] {
  if (entry.kind === "system") return smallPrint(entry.text).map((block) => ({ text: textOf(block), block }));
  const author = o.named || entry.kind !== "customer" ? authorOf(entry, o.look) : null;
  const at = o.dated ? [words("  "), moment(entry.at)] : [];
  const head: RichTextElement[] = author === null ? at.slice(1) : [...author.line, ...at];
  const files = fileLines(entry);
  const notes = [...files, ...mentionLines(entry)];
  const texts = cut(entry.text.trim() === "" ? "" : entry.text, MAX_PIECE_CHARACTERS, escapedLength);
  const all = texts.length === 0 ? [""] : texts;
  return all.map((text, index) => {
    const [first, last] = [index === 0, index === all.length - 1];
    const body = text === "" && files.length === 0 ? NO_TEXT : text;
    const block = lines([first ? head : [], [words(body)], ...(last ? notes.map(({ line }) => line) : [])]);
    const messages = [first ? author?.message : undefined, body, ...(last ? notes.map(({ message }) => message) : [])];
    return { text: messages.filter(Boolean).join(" ").trim() || NO_TEXT, block };
  });
}

const textOf = (block: KnownBlock): string =>
  block.type === "context" ? block.elements.map((element) => ("text" in element ? element.text : "")).join("") : "";

/** A line of a post, and its text for a screen reader. */
interface Line {
  line: RichTextElement[];
  message: string;
}

/** Renders the author, and whether the customer sees the entry. */
function authorOf(entry: DeskEntry, look: EntryLook): Line {
  const [name, tail] = nameAndTail(entry, look);
  return { line: [bold(name), ...(tail === "" ? [] : [words(tail)])], message: `${name}${tail}:` };
}

function nameAndTail(entry: DeskEntry, look: EntryLook): [name: string, tail: string] {
  const name = cleanName(entry.author, "Somebody");
  switch (entry.kind) {
    case "customer":
      return [customerUsername(entry, look), ""];
    case "bot":
      return [name, entry.internal ? " · bot, stays inside" : " · bot, to the customer"];
    case "reply":
      return [name, entry.internal ? " replied · stays inside" : " replied to the customer"];
    case "note":
      return [`🔒 ${name}`, " · note, stays inside"];
    case "system":
      return [name, ""];
  }
}

/** Renders the names of files, a line each; the files themselves follow. */
function fileLines({ files = [] }: DeskEntry): Line[] {
  return files.map((file) => {
    const message = `📎 ${cleanName(file, "a file")}`;
    return { line: [words(message)], message };
  });
}

/** Mentions the operator to notify; the fallback text has no name, because a mention there would notify too. */
function mentionLines({ notify }: DeskEntry): Line[] {
  if (notify === undefined || !isPerson(notify)) return [];
  return [{ line: [words("for "), mention({ id: notify, name: notify })], message: "" }];
}

function packPosts(pieces: readonly Piece[]): EntryPost[] {
  const posts: { texts: string[]; blocks: KnownBlock[]; length: number }[] = [];
  for (const { text, block } of pieces) {
    const length = escapedLength(text) + 1;
    const post = posts.at(-1);
    if (post !== undefined && post.length + length <= MAX_POST_CHARACTERS && post.blocks.length < MAX_POST_BLOCKS) {
      post.texts.push(text);
      post.blocks.push(block);
      post.length += length;
    } else posts.push({ texts: [text], blocks: [block], length });
  }
  return posts.map(({ texts, blocks }) => ({ text: texts.join("\n"), blocks }));
}
