/**
 * Everything in a Web API payload that Slack would make live: mentions, channel links, links, unfurls. Read from Slack's
 * documentation alone, without the product's own code, and on the strict side: what may be live is.
 *
 * - `text`: `<…>` always; with `parse` other than "none" (chat.update's default is "client") also what only looks live.
 * - mrkdwn: `<…>` always; without `verbatim: true` also addresses, "@here" and "#general".
 * - markdown blocks: see `live-markdown.ts`.
 * - rich_text: its user, usergroup, team, channel, broadcast and link elements.
 * - plain_text: nothing.
 */
import { liveInMarkdown, looksLive } from "./live-markdown.ts";

interface Allowed {
  /** What is ours on purpose, by what it leads to: a user's id, or an address that shows itself. */
  allow?: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** "mention U1", "special here", "channel C1", "link https://…", "masked link Bank → https://…", "unfurl links"… */
export function liveParts(payload: unknown, { allow = [] }: Allowed = {}): string[] {
  const found = [...flags(fields(payload)), ...top(fields(payload)), ...below(payload)];
  return found.filter((part) => !allow.some((target) => part === `mention ${target}` || part === `link ${target}`));
}

const fields = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** Only chat.postMessage has them; they are on by default. */
function flags(payload: Fields): string[] {
  const posts = "channel" in payload && !("ts" in payload) && !("user" in payload) && !("files" in payload);
  const off = (name: string): boolean => payload[name] === false || payload[name] === "false";
  const unfurls = ["links", "media"].filter((what) => posts && !off(`unfurl_${what}`)).map((what) => `unfurl ${what}`);
  const names = payload["link_names"] === undefined || off("link_names") ? [] : ["link_names"];
  return [...unfurls, ...names];
}

function top(payload: Fields): string[] {
  const unparsed = payload["parse"] === "none";
  const texts = [payload["text"], payload["initial_comment"]].filter((text) => typeof text === "string");
  const marked = payload["markdown_text"];
  return [
    ...texts.flatMap((text) => [...controls(text), ...(unparsed ? [] : looksLive(withoutControls(text)))]),
    ...(typeof marked === "string" ? liveInMarkdown(marked) : []),
  ];
}

/** Everything in `blocks`, `attachments` and `view`, given as objects or as JSON. */
function below(payload: unknown): string[] {
  const { blocks, attachments, view } = fields(payload);
  const old = [read(attachments)].flat().flatMap((attachment) => oldText(fields(attachment)));
  return [...[blocks, attachments, view].flatMap((part) => inside(read(part))), ...old];
}

const read = (value: unknown): unknown => (typeof value === "string" ? (JSON.parse(value) as unknown) : value);

function inside(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(inside);
  const element = fields(value);
  return [
    ...own(element),
    ...Object.values(element).flatMap((child) => (typeof child === "object" ? inside(child) : [])),
  ];
}

function own(element: Fields): string[] {
  const text = typeof element["text"] === "string" ? element["text"] : "";
  switch (element["type"]) {
    case "mrkdwn":
      return [...controls(text), ...(element["verbatim"] === true ? [] : looksLive(withoutControls(text)))];
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
      return addresses(element);
  }
}

/** Links, buttons that lead somewhere, pictures that are fetched. */
function addresses(element: Fields): string[] {
  const { type, url, text } = element;
  const led = ["image_url", "title_url", "thumb_url", "from_url", "title_link", "author_link"].flatMap((name) =>
    typeof element[name] === "string" ? [`link ${element[name]}`] : [],
  );
  if (typeof url !== "string") return led;
  const shown = type === "link" && typeof text === "string" && text !== "" ? text : url;
  return [...led, shown === url && type === "link" ? `link ${url}` : `masked link ${shown} → ${url}`];
}

/** What is not a block in an attachment is mrkdwn, or may be. */
const oldText = (attachment: Fields): string[] =>
  ["text", "pretext", "title", "footer"].flatMap((name) => {
    const text = attachment[name];
    return typeof text === "string" ? [...controls(text), ...looksLive(withoutControls(text))] : [];
  });

const CONTROL = /<([^<>]*)>/gu;

const withoutControls = (text: string): string => text.replace(CONTROL, " ");

function controls(text: string): string[] {
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
