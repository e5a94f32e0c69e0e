/** Finds links and mentions in a markdown block, line by line: everything outside code, with escapes decoded. */

/** Addresses and names that Slack turns into links and mentions by itself. */
const ADDRESS =
  /[a-z][a-z0-9+.-]*:\/\/[^\s<>]+|(?:mailto|tel):[^\s<>]+|www\.[^\s<>]+|[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}+|(?:[a-z0-9-]+\.)+(?:com|net|org|io|co|dev|app)\b[^\s<>]*/giu;
const SPECIAL = /@(here|channel|everyone|group)\b/giu;
const CHANNEL = /(?<![\p{L}\p{N}&])#([\p{L}\p{N}_-]+)/gu;

/** Finds text that Slack would turn into links and mentions. */
export const looksLive = (text: string): string[] => [
  ...[...text.matchAll(ADDRESS)].map(([address]) => `link ${address}`),
  ...[...text.matchAll(SPECIAL)].map(([, name]) => `special ${name}`),
  ...[...text.matchAll(CHANNEL)].map(([, name]) => `channel ${name}`),
];

export function liveInMarkdown(source: string): string[] {
  const lines = proseOf(source);
  const structure = lines.map((line) => line.replace(/\\[!-/:-@[-`{-~]/gu, " "));
  const shown = lines.map((line) => meant(line));
  // Slack may read its control sequences before Markdown, also in code.
  const control = [...shown, source].flatMap(controlled);
  return [...new Set([...structure.flatMap(structured), ...shown.flatMap(looksLive), ...control])];
}

/** Finds links, images and HTML by their brackets. */
const structured = (line: string): string[] => [
  ...[...line.matchAll(/!?\[[^\]]*\]\s?[([][^)\]]*[)\]]/gu)].map(([link]) => `masked link ${link}`),
  ...[...line.matchAll(/^[\s>]*\[[^\]]+\]:\s*\S+/gu)].map(([definition]) => `masked link ${definition}`),
  ...[...line.matchAll(/<[a-z][a-z0-9+.-]*:[^\s<>]*>/giu)].map(([link]) => `link ${link}`),
  ...[...line.matchAll(/<\/?[a-z][^<>]*>|<!--|<\?|<![A-Z]/giu)].map(([html]) => `html ${html}`),
];

const controlled = (text: string): string[] => [
  ...[...text.matchAll(/<@([A-Z0-9][^<>]*)>/giu)].map(([, user]) => `mention ${user}`),
  ...[...text.matchAll(/<#([A-Z0-9][^<>]*)>/giu)].map(([, channel]) => `channel ${channel}`),
  ...[...text.matchAll(/<!((?:here|channel|everyone|group|subteam|date)[^<>]*)>/giu)].map(
    ([, name]) => `special ${name}`,
  ),
  ...[...text.matchAll(/<(?:https?|mailto|tel|slack):[^<>]*>/giu)].map(([link]) => `link ${link}`),
];

const FENCE = /^(?:[\s>]|(?:[-*+]|\d+[.)])\s+)*(`{3,}|~{3,})([^`]*)$/u;

/** Returns the lines outside fenced code, without their code spans. */
function proseOf(source: string): string[] {
  const lines: string[] = [];
  let fence: string | null = null;
  for (const line of source.split(/\r\n|\r|\n/)) {
    const [, mark = "", info = ""] = FENCE.exec(line) ?? [];
    if (fence === null && mark !== "") fence = mark;
    else if (fence === null) lines.push(withoutSpans(line));
    else if (mark.startsWith(fence) && info.trim() === "") fence = null;
  }
  return lines;
}

/** Removes code spans, which end with as many backticks as they began with; without such an end there is none. */
function withoutSpans(line: string): string {
  let prose = "";
  for (let at = 0; at < line.length; ) {
    if (line[at] === "\\") {
      prose += line.slice(at, at + 2);
      at += 2;
      continue;
    }
    const [ticks = ""] = /^`+/.exec(line.slice(at)) ?? [];
    const end = ticks === "" ? -1 : closingSpan(line, at + ticks.length, ticks.length);
    prose += ticks === "" ? (line[at] ?? "") : end === -1 ? ticks : " ";
    at = ticks === "" ? at + 1 : end === -1 ? at + ticks.length : end;
  }
  return prose;
}

function closingSpan(line: string, from: number, length: number): number {
  for (const { 0: ticks, index } of line.slice(from).matchAll(/`+/g)) {
    if (ticks.length === length) return from + index + length;
  }
  return -1;
}

const ENTITIES: Readonly<Record<string, string>> = {
  commat: "@",
  num: "#",
  lt: "<",
  gt: ">",
  colon: ":",
  sol: "/",
  period: ".",
  amp: "&",
  excl: "!",
};

const WRITTEN = /\\([!-/:-@[-`{-~])|&#x([0-9a-f]{1,6});|&#(\d{1,7});|&([a-z]+);/giu;

/** Decodes escapes and entities of a line, in one pass, because an escaped "&" begins no entity. */
const meant = (line: string): string =>
  line.replace(WRITTEN, (whole, escaped?: string, hex?: string, number?: string, name?: string) => {
    if (escaped !== undefined) return escaped;
    if (hex !== undefined) return character(Number.parseInt(hex, 16));
    if (number !== undefined) return character(Number(number));
    return ENTITIES[name?.toLowerCase() ?? ""] ?? whole;
  });

const character = (code: number): string => (code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd");
