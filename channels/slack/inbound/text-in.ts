/**
 * Reads Slack's mrkdwn as plain text.
 *
 * 1. Control sequences are read before `&lt;` becomes `<`: a typed one must not become a mention.
 * 2. No id of Slack's is left: `<@U1>` means nothing to a customer on another channel.
 */
import { toNormalForm } from "../../../src/domain/normal-form.ts";
import { emojiInWords, emojiOf, skinTone, withTone } from "./emoji.ts";

/** A text, and the mentions in it. */
export interface Words {
  text: string;
  /** It mentions somebody else in Slack, or a group. */
  mentions: boolean;
  /** It mentions the bot. */
  addressed: boolean;
}

/** Emoji that a text contains, as Slack's blocks list them. */
export interface KnownEmoji {
  /** By name, with their Unicode if Slack gives it. */
  readonly byName: ReadonlyMap<string, string | undefined>;
  /** All of their Unicode: an emoji may have one name in the text and another in the blocks. */
  readonly shown: ReadonlySet<string>;
}

export function knownEmoji(byName: ReadonlyMap<string, string | undefined>): KnownEmoji {
  const shown = [...byName].map(([name, its]) => its ?? emojiOf(name));
  return { byName, shown: new Set(shown.filter((one) => one !== undefined)) };
}

export interface Reading {
  /** User ids of the bot. */
  bots: ReadonlySet<string>;
  /** null: not known, so everything that looks like an emoji is one. */
  emoji: KnownEmoji | null;
}

export const SOMEONE = "@someone";
export const SOME_GROUP = "@a group";
export const SOME_CHANNEL = "#channel";
export const THE_BOT = "@bot";

const TOKEN = /<([^<>]*)>/g;
/** Replaces a bracket that opens no control sequence, so that it can't make a mention of what follows. */
const STRAY = "‹";

/** Reads `text` of a message (docs.slack.dev, "formatting message text"). The result is NFC. */
export function readSlackText(text: string, reading: Reading): Words {
  const words = { text: "", mentions: false, addressed: false };
  const rest = withoutLeadingBot(text, reading.bots);
  if (rest !== text) words.addressed = true;
  let at = 0;
  for (const match of rest.matchAll(TOKEN)) {
    words.text += readPlain(rest.slice(at, match.index), reading);
    append(words, readToken(match[1] ?? "", reading));
    at = match.index + match[0].length;
  }
  words.text = toNormalForm(words.text + readPlain(rest.slice(at), reading), "NFC");
  return words;
}

/** Reads text between control sequences: decodes entities and emoji. */
export function readPlain(text: string, { emoji }: Pick<Reading, "emoji">): string {
  return readEmoji(unescaped(text.replaceAll("<", STRAY)), emoji);
}

/** Replaces shortcodes by Unicode; an emoji that only Slack can show becomes its name in parentheses. */
export function readEmoji(text: string, known: KnownEmoji | null = null): string {
  const shortcode = /:([\p{L}\p{N}\p{M}_+'-]{1,100}):/gu;
  const pieces: string[] = [];
  let at = 0;
  for (let match = shortcode.exec(text); match !== null; match = shortcode.exec(text)) {
    const [whole, name = ""] = match;
    const follows = match.index === at && pieces.length > 0;
    const free = follows || !isWord(text[match.index - 1]);
    const found =
      known === null ? guessEmoji(name, free && !isWord(text[shortcode.lastIndex])) : lookUpEmoji(name, known);
    // Its last colon may be the first of another one.
    if (found === undefined) shortcode.lastIndex--;
    else {
      const tone = follows ? skinTone(name) : undefined;
      if (tone === undefined) pieces.push(text.slice(at, match.index), found);
      else pieces.push(withTone(pieces.pop() ?? "", tone));
      at = match.index + whole.length;
    }
  }
  return pieces.join("") + text.slice(at);
}

/** Reads a link with its label; shows both if they differ, because a label can hide where a link leads. */
export function readLink(url: string, label = ""): string {
  const scheme = /^[a-z][a-z0-9+.-]*:(?:\/\/)?/i.exec(url)?.[0] ?? "";
  if (/^(?:mailto|tel):$/i.test(scheme)) return url.slice(scheme.length);
  const bare = url.slice(scheme.length).replace(/\/$/, "");
  if (label === "" || label === url) return url;
  return label.replace(/\/$/, "") === bare ? label : `${label} (${url})`;
}

/** Reads a date that Slack renders in each reader's time zone. */
export function readDate(seconds: number, fallback = ""): string {
  const at = new Date(seconds * 1_000);
  return fallback !== "" || Number.isNaN(at.getTime()) ? fallback : at.toISOString();
}

function withoutLeadingBot(text: string, bots: ReadonlySet<string>): string {
  const [whole, user = ""] = /^\s*<@([A-Z0-9]+)(?:\|[^<>]*)?>(?:[,:](?=\s))?\s*/.exec(text) ?? [];
  return whole !== undefined && bots.has(user) ? text.slice(whole.length) : text;
}

function append(words: Words, more: Words): void {
  words.text += more.text;
  words.mentions ||= more.mentions;
  words.addressed ||= more.addressed;
}

function readToken(inner: string, reading: Reading): Words {
  const bar = inner.indexOf("|");
  const name = bar === -1 ? inner : inner.slice(0, bar);
  const label = bar === -1 ? "" : readPlain(inner.slice(bar + 1), reading);
  const addressed = name.startsWith("@") && reading.bots.has(name.slice(1));
  const mentions = !addressed && /^(?:@|!(?:subteam|here|channel|everyone|group)\b)/.test(name);
  return { text: renderToken(name, { label, addressed }), mentions, addressed };
}

function renderToken(name: string, { label, addressed }: { label: string; addressed: boolean }): string {
  const signed = (sign: string, without: string): string =>
    label === "" ? without : sign + label.replace(/^[@#]/, "");
  if (addressed) return signed("@", THE_BOT);
  if (name.startsWith("@")) return signed("@", SOMEONE);
  if (name.startsWith("#")) return signed("#", SOME_CHANNEL);
  if (name.startsWith("!subteam")) return signed("@", SOME_GROUP);
  if (/^!(?:here|channel|everyone|group)$/.test(name)) return `@${name.slice(1)}`;
  if (name.startsWith("!date^")) return readDate(Number(name.split("^")[1]), label);
  if (name.startsWith("!")) return label === "" ? `(${unescaped(name.slice(1))})` : label;
  return readLink(unescaped(name), label);
}

/** Decodes entities, `&amp;` last: "&amp;lt;" was typed as "&lt;". */
const unescaped = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

function lookUpEmoji(name: string, known: KnownEmoji): string | undefined {
  const unicode = emojiOf(name);
  if (known.byName.has(name)) return known.byName.get(name) ?? unicode ?? emojiInWords(name);
  if (skinTone(name) !== undefined) return unicode;
  return unicode !== undefined && known.shown.has(unicode) ? unicode : undefined;
}

/** Guesses an emoji: "10:30:45" and "a:b:c" have none, so it needs free sides, and an unknown name needs a letter. */
function guessEmoji(name: string, free: boolean): string | undefined {
  if (!free) return undefined;
  return emojiOf(name) ?? (/\p{L}/u.test(name) ? emojiInWords(name) : undefined);
}

const isWord = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}_]/u.test(character);
