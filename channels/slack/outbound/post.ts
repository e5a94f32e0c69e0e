import type { ChatPostMessageArguments, ChatUpdateArguments, WebClient } from "@slack/web-api";
import type { Flight } from "../../../src/adapter/flight.ts";
import { SendError } from "../../../src/adapter/send-error.ts";
import type { RemoteId } from "../../../src/domain/ids.ts";
import type { Logger } from "../../../src/lib/logger.ts";
import { remoteMessage } from "../ids.ts";
import { MAX_UPDATE_TEXT_CHARACTERS } from "../limits.ts";
import { METADATA_EVENT, type SlackBody } from "./body.ts";
import { codeMeaning } from "./error-codes.ts";
import { callFor } from "./errors.ts";
import { cutEscaped } from "./escape.ts";
import type { Pacer } from "./pace.ts";

/** Client, rate limiter and log for posting. */
export interface PostClient {
  web: WebClient;
  pacer: Pacer;
  log: Logger;
}

export type MessageBody = Extract<SlackBody, { kind: "message" }>;

interface Posting extends Flight {
  channel: string;
  /** The thread's parent; null: at the top level of the channel. */
  ts: string | null;
  key: string;
  /** Number of posts that share the key. */
  of?: number | undefined;
  /** Author to show; left out: the app. */
  username?: string | undefined;
}

/** Icon of posts under another author's name, instead of the app's own. */
const OTHERS_ICON = ":bust_in_silhouette:";

/** Slack would fetch linked pages: one-time links would be used up, and a model could leak secrets in a URL. */
const NO_UNFURLING = { unfurl_links: false, unfurl_media: false } as const;
/** `chat.update` resets it if left out (docs.slack.dev, "chat.update"). `link_names` is left out everywhere. */
const NOTHING_PARSED = { parse: "none" } as const;

/** Posts at the channel's turn. Throws SendError. */
export async function post(client: PostClient, body: MessageBody, o: Posting): Promise<RemoteId> {
  const { channel, ts, key, of = 1, username, signal, leaving } = o;
  await client.pacer.turn(channel, signal);
  const by = username === undefined ? {} : { username, icon_emoji: OTHERS_ICON };
  const at = { channel, ...(ts !== null && { thread_ts: ts }), ...by };
  const metadata = { event_type: METADATA_EVENT, event_payload: { key, ...(of > 1 && { of }) } };
  const answer = await plainIfRefused(client, body, (shown) =>
    holdWhenBusy(client, channel, () => {
      const message = { ...at, ...shown, ...NOTHING_PARSED, ...NO_UNFURLING, metadata };
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Slack's method, not the window's
      return callFor({ signal, leaving }, () => client.web.chat.postMessage(message as ChatPostMessageArguments));
    }),
  );
  if (typeof answer.ts === "string" && answer.ts !== "") return remoteMessage(channel, answer.ts);
  const message = "Slack accepted the message but gave no id; whether it is visible is unknown";
  throw new SendError(message, { outcome: "unknown", retry: "never", code: "unreadable" });
}

interface Updating extends Flight {
  channel: string;
  ts: string;
  /** Left out: the message keeps its key. */
  key?: string | undefined;
}

/** Replaces the body of a message. Throws SendError. */
export async function update(client: PostClient, body: MessageBody, o: Updating): Promise<void> {
  const { signal, leaving, key, ...at } = o;
  // The blocks have all of it; screen readers read `text`.
  const text = cutEscaped(body.text, MAX_UPDATE_TEXT_CHARACTERS);
  const metadata = key === undefined ? {} : { metadata: { event_type: METADATA_EVENT, event_payload: { key } } };
  // A rate limit of updates does not delay posts: Slack's limits are per method.
  await plainIfRefused(client, { ...body, text }, (shown) => {
    const message = { ...at, ...shown, ...NOTHING_PARSED, ...metadata };
    return callFor({ signal, leaving }, () => client.web.chat.update(message as ChatUpdateArguments));
  });
}

/** Runs a step; if Slack answers that it is busy, blocks all posts to the channel for that time. */
export async function holdWhenBusy<Value>(
  { pacer }: PostClient,
  channel: string,
  step: () => Promise<Value>,
): Promise<Value> {
  try {
    return await step();
  } catch (error) {
    const { retry, code } = error as SendError;
    if (codeMeaning(code ?? "")?.class === "busy" && retry !== "never") pacer.hold(channel, retry.afterMs);
    throw error;
  }
}

/** Sends the plain text if Slack refuses the blocks: a malformed body is our mistake, and the words still have to arrive. */
async function plainIfRefused<Answer>(
  { log }: PostClient,
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
      "slack refused blocks; sent as plain text",
    );
    return step({ text });
  }
}
