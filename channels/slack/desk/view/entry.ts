import type { KnownBlock, RichTextElement } from "@slack/types";
import { cut } from "../../../../src/adapter/cut.ts";
import type { DeskEntry } from "../../../../src/domain/case.ts";
import { UNNAMED } from "../../../../src/domain/customer-name.ts";
import { escapedLength } from "../../outbound/escape.ts";
import { bold, cleanName, isPerson, lines, mention, moment, NO_TEXT, type Shown, smallPrint, words } from "./blocks.ts";

/** How the customer's words are shown: as posts in their name, or under a line that names them. */
export interface EntryLook {
  mirror: "username" | "line";
  /** Whether somebody in the workspace has this name, so that a customer who has it too could pass for them. */
  taken(name: string): boolean;
}

export interface EntryPost extends Shown {
  /** The author of the post, where it is not the app. */
  username?: string;
}

/** Of a post's text, escaped: an update takes 4,000, and a mark has room under it. */
const MAX_POST_CHARACTERS = 3_300;
/** Of one block of it. */
const MAX_PIECE_CHARACTERS = 2_800;
/** Slack takes 50; a mark and its buttons have room under them. */
const MAX_POST_BLOCKS = 45;
/** `username` of chat.postMessage: Slack names no limit, and cuts names at 80. */
const MAX_USERNAME_CHARACTERS = 80;

/**
 * Entries as posts, in order and whole: as many in one post as fit. Rendering is the same each time, so a post that went
 * before can be told from one that did not by its place.
 */
export function entryPosts(entries: readonly DeskEntry[], look: EntryLook): EntryPost[] {
  const username = look.mirror === "username" ? commonName(entries, look) : null;
  const alone = entries.length === 1;
  const pieces = entries.flatMap((entry) => piecesOf(entry, { look, named: username === null, dated: !alone }));
  const posts = packed(pieces);
  return username === null ? posts : posts.map((post) => ({ ...post, username }));
}

/** Who wrote all of them, where that is one customer on one channel. */
function commonName(entries: readonly DeskEntry[], look: EntryLook): string | null {
  if (entries.some(({ kind }) => kind !== "customer")) return null;
  const names = new Set(entries.map((entry) => customerName(entry, look)));
  const [name] = names;
  return names.size === 1 && name !== undefined ? name : null;
}

/** "Dana · sms", never the name of somebody in the workspace. */
export function customerName(
  { author, channel }: Pick<DeskEntry, "author" | "channel">,
  { taken }: Pick<EntryLook, "taken">,
): string {
  const name = cleanName(author, UNNAMED);
  const suffix = `${taken(name) ? " (customer)" : ""} · ${cleanName(channel ?? "customer", "customer").slice(0, 30)}`;
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
  const files = attached(entry);
  const notes = [...files, ...called(entry)];
  const texts = cut(entry.text.trim() === "" ? "" : entry.text, MAX_PIECE_CHARACTERS, escapedLength);
  const all = texts.length === 0 ? [""] : texts;
  return all.map((text, index) => {
    const [first, last] = [index === 0, index === all.length - 1];
    const body = text === "" && files.length === 0 ? NO_TEXT : text;
    const block = lines([first ? head : [], [words(body)], ...(last ? notes.map(({ line }) => line) : [])]);
    const said = [first ? author?.message : undefined, body, ...(last ? notes.map(({ message }) => message) : [])];
    return { text: said.filter(Boolean).join(" ").trim() || NO_TEXT, block };
  });
}

const textOf = (block: KnownBlock): string =>
  block.type === "context" ? block.elements.map((element) => ("text" in element ? element.text : "")).join("") : "";

/** The line above the words, and what it says to a screen reader. */
interface Line {
  line: RichTextElement[];
  message: string;
}

/** Who said it, and whether the customer has it. */
function authorOf(entry: DeskEntry, look: EntryLook): Line {
  const [name, tail] = nameAndTail(entry, look);
  return { line: [bold(name), ...(tail === "" ? [] : [words(tail)])], message: `${name}${tail}:` };
}

function nameAndTail(entry: DeskEntry, look: EntryLook): [name: string, tail: string] {
  const name = cleanName(entry.author, "Somebody");
  switch (entry.kind) {
    case "customer":
      return [customerName(entry, look), ""];
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

/** Names of files in one line each; the files themselves follow. */
function attached({ files = [] }: DeskEntry): Line[] {
  return files.map((file) => {
    const message = `📎 ${cleanName(file, "a file")}`;
    return { line: [words(message)], message };
  });
}

/** Slack tells whoever is named so; the fallback names nobody, because a name there would be live too. */
function called({ notify }: DeskEntry): Line[] {
  if (notify === undefined || !isPerson(notify)) return [];
  return [{ line: [words("for "), mention({ id: notify, name: notify })], message: "" }];
}

function packed(pieces: readonly Piece[]): EntryPost[] {
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
