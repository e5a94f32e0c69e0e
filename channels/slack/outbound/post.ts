import type { ChatPostMessageArguments, ChatUpdateArguments, WebClient } from "@slack/web-api";
import { SendError } from "../../../src/adapter/send-error.ts";
import type { RemoteId } from "../../../src/domain/ids.ts";
import type { Logger } from "../../../src/lib/logger.ts";
import { remoteMessage } from "../ids.ts";
import { MAX_UPDATE_TEXT_CHARACTERS } from "../limits.ts";
import { METADATA_EVENT, type SlackBody } from "./body.ts";
import { codeMeaning } from "./error-codes.ts";
import { call } from "./errors.ts";
import { cutEscaped } from "./escape.ts";
import type { Pacer } from "./pace.ts";

/** What posts go out over. */
export interface Line {
  web: WebClient;
  pacer: Pacer;
  log: Logger;
}

export type MessageBody = Extract<SlackBody, { kind: "message" }>;

interface Posting {
  channel: string;
  /** The thread's parent; null: at the top of the channel. */
  ts: string | null;
  key: string;
  /** Of how many posts under one key this is one. */
  of?: number | undefined;
  /** Who is shown as its author, where it is not the app. */
  username?: string | undefined;
  signal: AbortSignal;
}

/** Beside another's name, so that their posts don't carry the app's own picture. */
const OTHERS_ICON = ":bust_in_silhouette:";

/** Slack would fetch what is linked: one-time links would be used up, and a model could give secrets away by a URL. */
const NO_UNFURLING = { unfurl_links: false, unfurl_media: false } as const;
/** `chat.update` resets it where it is left out (docs.slack.dev, "chat.update"). `link_names` is left out everywhere. */
const NOTHING_PARSED = { parse: "none" } as const;

/** Posts when it is the channel's turn. Throws SendError. */
export async function post(line: Line, body: MessageBody, o: Posting): Promise<RemoteId> {
  const { channel, ts, key, of = 1, username, signal } = o;
  await line.pacer.turn(channel, signal);
  const by = username === undefined ? {} : { username, icon_emoji: OTHERS_ICON };
  const at = { channel, ...(ts !== null && { thread_ts: ts }), ...by };
  const metadata = { event_type: METADATA_EVENT, event_payload: { key, ...(of > 1 && { of }) } };
  const answer = await plainIfRefused(line, body, (shown) =>
    held(line, channel, () => {
      const message = { ...at, ...shown, ...NOTHING_PARSED, ...NO_UNFURLING, metadata };
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Slack's method, not the window's
      return call(signal, () => line.web.chat.postMessage(message as ChatPostMessageArguments));
    }),
  );
  if (typeof answer.ts === "string" && answer.ts !== "") return remoteMessage(channel, answer.ts);
  const message = "Slack accepted the message but named no id; whether it can be seen is unknown";
  throw new SendError(message, { outcome: "unknown", retry: "never", code: "unreadable" });
}

interface Updating {
  channel: string;
  ts: string;
  /** Left out: the message keeps its own. */
  key?: string | undefined;
  signal: AbortSignal;
}

/** Puts another body in a message's place. Throws SendError. */
export async function update(line: Line, body: MessageBody, { signal, key, ...at }: Updating): Promise<void> {
  // The blocks say it whole; `text` is what is read out.
  const text = cutEscaped(body.text, MAX_UPDATE_TEXT_CHARACTERS);
  const metadata = key === undefined ? {} : { metadata: { event_type: METADATA_EVENT, event_payload: { key } } };
  // What Slack asks updates to wait does not hold up posts: its limits are per method.
  await plainIfRefused(line, { ...body, text }, (shown) => {
    const message = { ...at, ...shown, ...NOTHING_PARSED, ...metadata };
    return call(signal, () => line.web.chat.update(message as ChatUpdateArguments));
  });
}

/** What Slack asks one sender in a channel to wait, all of them wait. */
export async function held<Value>({ pacer }: Line, channel: string, step: () => Promise<Value>): Promise<Value> {
  try {
    return await step();
  } catch (error) {
    const { retry, code } = error as SendError;
    if (codeMeaning(code ?? "")?.class === "busy" && retry !== "never") pacer.hold(channel, retry.afterMs);
    throw error;
  }
}

/** A body that Slack calls malformed is a mistake of ours, and no reason to keep the words from anybody. */
async function plainIfRefused<Answer>(
  { log }: Line,
  { text, blocks }: MessageBody,
  step: (shown: { text: string; blocks?: MessageBody["blocks"] }) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await step(blocks.length === 0 ? { text } : { text, blocks });
  } catch (error) {
    const { code, message } = error as SendError;
    if (codeMeaning(code ?? "")?.class !== "malformed" || blocks.length === 0) throw error;
    log.error(
      { code, reason: message, kinds: blocks.map(({ type }) => type) },
      "blocks were refused; sent as plain text",
    );
    return step({ text });
  }
}
