/**
 * Finds everything in a Web API payload that Slack would activate: mentions, channel links, links, unfurls. Written from
 * Slack's documentation, without the product's own code, and strict: anything doubtful counts.
 *
 * - `text`: `<…>` always; with `parse` other than "none" (chat.update's default is "client") also plain addresses and names.
 * - mrkdwn: `<…>` always; without `verbatim: true` also addresses, "@here" and "#general".
 * - markdown blocks: see `live-markdown.ts`.
 * - rich_text: its user, usergroup, team, channel, broadcast and link elements.
 * - plain_text: nothing.
 */
import { liveInMarkdown, looksLive } from "./live-markdown.ts";

interface Allowed {
  /** Intended targets: a user's id, or an address that is shown as itself. */
  allow?: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Returns "mention U1", "special here", "channel C1", "link https://…", "masked link Bank → https://…", "unfurl links"… */
export function liveParts(payload: unknown, { allow = [] }: Allowed = {}): string[] {
  const found = [...unfurlParts(fields(payload)), ...topLevelParts(fields(payload)), ...nestedParts(payload)];
  return found.filter((part) => !allow.some((target) => part === `mention ${target}` || part === `link ${target}`));
}

const fields = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** Checks the unfurl flags, which only chat.postMessage has; on by default. */
function unfurlParts(payload: Fields): string[] {
  const posts = "channel" in payload && !("ts" in payload) && !("user" in payload) && !("files" in payload);
  const off = (name: string): boolean => payload[name] === false || payload[name] === "false";
  const unfurls = ["links", "media"].filter((what) => posts && !off(`unfurl_${what}`)).map((what) => `unfurl ${what}`);
  const names = payload["link_names"] === undefined || off("link_names") ? [] : ["link_names"];
  return [...unfurls, ...names];
}

function topLevelParts(payload: Fields): string[] {
  const unparsed = payload["parse"] === "none";
  const texts = [payload["text"], payload["initial_comment"]].filter((text) => typeof text === "string");
  const marked = payload["markdown_text"];
  return [
    ...texts.flatMap((text) => [...controlParts(text), ...(unparsed ? [] : looksLive(withoutControls(text)))]),
    ...(typeof marked === "string" ? liveInMarkdown(marked) : []),
  ];
}

/** Checks `blocks`, `attachments` and `view`, as objects or as JSON. */
function nestedParts(payload: unknown): string[] {
  const { blocks, attachments, view } = fields(payload);
  const old = [read(attachments)].flat().flatMap((attachment) => oldText(fields(attachment)));
  return [...[blocks, attachments, view].flatMap((part) => walk(read(part))), ...old];
}

const read = (value: unknown): unknown => (typeof value === "string" ? (JSON.parse(value) as unknown) : value);

function walk(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(walk);
  const element = fields(value);
  return [
    ...partsOfElement(element),
    ...Object.values(element).flatMap((child) => (typeof child === "object" ? walk(child) : [])),
  ];
}

function partsOfElement(element: Fields): string[] {
  const text = typeof element["text"] === "string" ? element["text"] : "";
  switch (element["type"]) {
    case "mrkdwn":
      return [...controlParts(text), ...(element["verbatim"] === true ? [] : looksLive(withoutControls(text)))];
    case "markdown":
      return liveInMarkdown(text);
    case "user":
      return [`mention ${String(element["user_id"])}`];
    case "usergroup":
      return [`mention ${String(element["usergroup_id"])}`];
    case "team":
      return [`mention ${String(element["team_id"])}`];
    case "channel":
      return [`channel ${String(element["channel_id"])}`];
    case "broadcast":
      return [`special ${String(element["range"])}`];
    default:
      return addressParts(element);
  }
}

/** Finds links, link buttons and images. */
function addressParts(element: Fields): string[] {
  const { type, url, text } = element;
  const led = ["image_url", "title_url", "thumb_url", "from_url", "title_link", "author_link"].flatMap((name) =>
    typeof element[name] === "string" ? [`link ${element[name]}`] : [],
  );
  if (typeof url !== "string") return led;
  const shown = type === "link" && typeof text === "string" && text !== "" ? text : url;
  return [...led, shown === url && type === "link" ? `link ${url}` : `masked link ${shown} → ${url}`];
}

/** Checks the fields of an attachment, which are or may be mrkdwn. */
const oldText = (attachment: Fields): string[] =>
  ["text", "pretext", "title", "footer"].flatMap((name) => {
    const text = attachment[name];
    return typeof text === "string" ? [...controlParts(text), ...looksLive(withoutControls(text))] : [];
  });

const CONTROL = /<([^<>]*)>/gu;

const withoutControls = (text: string): string => text.replace(CONTROL, " ");

function controlParts(text: string): string[] {
  return [...text.matchAll(CONTROL)]
    .map(([, inner = ""]) => {
      const [target = "", label] = inner.split("|");
      if (target.startsWith("@")) return `mention ${target.slice(1)}`;
      if (target.startsWith("#")) return `channel ${target.slice(1)}`;
      if (/^!date\^\d+\^[^^]*$/.test(target)) return null;
      if (target.startsWith("!")) return `special ${target.slice(1)}`;
      return label === undefined || label === target ? `link ${target}` : `masked link ${label} → ${target}`;
    })
    .filter((part) => part !== null);
}
