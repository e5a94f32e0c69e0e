import type { ChatPostMessageArguments, ChatUpdateArguments, WebClient } from "@slack/web-api";
import { SendError } from "../../../src/channel/send-error.ts";
import type { Logger } from "../../../src/lib/logger.ts";
import { METADATA_EVENT } from "../body.ts";
import { codeMeaning } from "../error-codes.ts";
import { call } from "../errors.ts";
import { cutEscaped, escape } from "../escape.ts";
import { MAX_UPDATE_TEXT_CHARACTERS } from "../limits.ts";
import type { Pacer } from "../pace.ts";
import { type Shown, wellFormed } from "./blocks.ts";

/** What the desk talks to Slack with. */
export interface Wire {
  client: WebClient;
  pacer: Pacer;
  /** Where the Web API is ("https://slack.com"). */
  origin: string;
  log: Logger;
}

/** A Slack channel, or a thread in it. */
export interface Spot {
  channel: string;
  ts: string | null;
}

export interface Posting {
  key: string;
  /** Of how many posts under one key this is one. */
  of?: number;
  signal: AbortSignal;
}

/** Beside a customer's name, so that their posts don't carry the app's own picture. */
const CUSTOMER_ICON = ":bust_in_silhouette:";
/** On updates too: chat.update resets it to "client" where it is left out (docs, "chat.update"). */
const PARSE = { parse: "none" } as const;
/** chat.update takes no such flags: what is not unfurled at first stays so. */
const NO_UNFURL = { unfurl_links: false, unfurl_media: false } as const;

/** Posts at this channel's pace; answers with the post's ts. Throws SendError. */
export async function post(
  wire: Wire,
  { channel, ts }: Spot,
  o: Posting & { shown: Shown & { username?: string } },
): Promise<string> {
  const { shown, key, of = 1, signal } = o;
  await wire.pacer.turn(channel, signal);
  const answer = await degrading(wire, { channel, shown }, (content) => {
    const body = {
      channel,
      ...content,
      ...PARSE,
      ...NO_UNFURL,
      ...(ts === null ? {} : { thread_ts: ts }),
      ...(shown.username === undefined ? {} : { username: shown.username, icon_emoji: CUSTOMER_ICON }),
      metadata: { event_type: METADATA_EVENT, event_payload: { key, ...(of > 1 ? { of } : {}) } },
    };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Slack's, not a window's
    return call(signal, () => wire.client.chat.postMessage(body as ChatPostMessageArguments));
  });
  if (typeof answer.ts === "string") return answer.ts;
  const facts = { outcome: "unknown", retry: "never", code: "unreadable" } as const;
  throw new SendError("Slack took the post but named no ts", facts);
}

/** Puts this in a post's place. Throws SendError. */
export async function update(
  wire: Wire,
  at: { channel: string; ts: string },
  o: { shown: Shown; key?: string; signal: AbortSignal },
): Promise<void> {
  const { shown, key, signal } = o;
  const metadata = key === undefined ? {} : { metadata: { event_type: METADATA_EVENT, event_payload: { key } } };
  await degrading(wire, { channel: at.channel, shown }, (content) => {
    const body = { ...at, ...content, ...PARSE, ...metadata };
    return call(signal, () => wire.client.chat.update(body as ChatUpdateArguments));
  });
}

/** Blocks that Slack does not take are our mistake; what they say is shown all the same, as text alone. */
async function degrading<Answer>(
  { log, pacer }: Wire,
  { channel, shown }: { channel: string; shown: Shown },
  send: (content: { text: string; blocks?: Shown["blocks"] }) => Promise<Answer>,
): Promise<Answer> {
  const text = fallback(shown.text);
  try {
    return await send({ text, blocks: shown.blocks });
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    if (error.code === "ratelimited" && error.retry !== "never") pacer.hold(channel, error.retry.afterMs);
    if (codeMeaning(error.code ?? "")?.class !== "malformed") throw error;
    log.error(
      { channel, code: error.code, reason: error.message },
      "slack refused blocks of the desk; their text was shown",
    );
    return send({ text });
  }
}

/** Escaped, and short enough for an update: the blocks say it whole. */
function fallback(text: string): string {
  const escaped = escape(wellFormed(text.trim()));
  if (escaped.length <= MAX_UPDATE_TEXT_CHARACTERS) return escaped;
  return `${cutEscaped(escaped, MAX_UPDATE_TEXT_CHARACTERS - 1)}…`;
}
