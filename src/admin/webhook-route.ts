/**
 * POST /channels/<channel>: the hot path, so node's own request goes straight to inbound, without the web framework
 * (a seventh of the whole cost of a message when it stood in between).
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { WebhookResponse } from "../adapter/inbound.ts";
import type { Logger } from "../lib/logger.ts";
import type { Sparing } from "../lib/sparing.ts";
import type { BodyBudget } from "./body-budget.ts";
import type { ServerDeps } from "./deps.ts";
import { NO_ROOM_RETRY_S } from "./limits.ts";
import { rawRequest } from "./raw-request.ts";
import { type Body, discard, readBody } from "./request-body.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";

const PATH = /^\/channels\/([^/?#]+)/;

/** The channel that a platform posts to; null for every other request. */
export function webhookChannel({ method, url = "" }: IncomingMessage): string | null {
  const channel = method === "POST" ? PATH.exec(url)?.[1] : undefined;
  if (channel === undefined) return null;
  try {
    return decodeURIComponent(channel);
  } catch {
    // Not percent-encoded text, so no channel's name either; it is answered as an unknown one.
    return channel;
  }
}

/** Answers a platform. Never rejects: what could not be stored is not acknowledged, so that it is sent again (I1). */
export async function answerWebhook(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  o: WebhookOptions,
): Promise<void> {
  const { status, contentType, body, headers } = await answer(incoming, o);
  if (outgoing.destroyed) return;
  outgoing.writeHead(status, { ...SECURITY_HEADERS, ...headers, "content-type": contentType });
  outgoing.end(body);
}

interface WebhookOptions {
  channel: string;
  deps: ServerDeps;
  /** For bodies that nobody has verified yet. */
  budget: BodyBudget;
  /** Of this listener's lines: outages and strangers decide how many there could be. */
  spare: Sparing;
}

type Answer = WebhookResponse & { headers?: Readonly<Record<string, string>> };

async function answer(incoming: IncomingMessage, o: WebhookOptions): Promise<Answer> {
  const { channel, deps, budget, spare } = o;
  const door = deps.door(channel);
  // No such channel, or no signature: whatever the body is, it is refused.
  const refused = door === null || incoming.headers[door.signatureHeader] === undefined;
  const body = refused ? unread(incoming) : await readBody(incoming, { maxBytes: door.maxBytes, budget });
  switch (body) {
    case "gone":
      deps.meter.refused(channel, 400);
      gone(deps.log, spare("gone"), channel);
      return plain(400, "The body is not complete.\n");
    case "too large":
      return refuse(413, `The body is larger than ${door?.maxBytes} bytes.`, o);
    case "no room":
      return {
        ...refuse(503, "Too much is coming in at once. Send it again.", o),
        headers: { "retry-after": String(NO_ROOM_RETRY_S) },
      };
    default:
      return handOn(incoming, body, o);
  }
}

/** Counts a request that is refused for its body, and logs it some times a minute. */
function refuse(status: number, reason: string, { channel, deps, spare }: WebhookOptions): Answer {
  deps.meter.refused(channel, status);
  const spared = spare(`${channel} ${status}`);
  if (spared !== null) deps.log.warn({ channel, status, reason, ...spared }, "webhook refused");
  return plain(status, `${reason}\n`);
}

async function handOn(
  incoming: IncomingMessage,
  body: Body,
  { channel, deps, spare }: WebhookOptions,
): Promise<Answer> {
  try {
    const { publicUrl } = deps;
    const request = rawRequest(incoming, { body: body.bytes, receivedAt: deps.clock(), publicUrl });
    return await deps.webhook(channel, request);
  } catch (error) {
    const spared = spare("unstored");
    if (spared !== null) deps.log.error({ err: error, channel, ...spared }, "webhook could not be stored");
    return later("This could not be stored. Send it again.\n", 2);
  } finally {
    body.release();
  }
}

function gone(log: Logger, spared: ReturnType<Sparing>, channel: string): void {
  if (spared !== null) log.info({ channel, ...spared }, "webhook ended before its body was complete");
}

/** Whatever still comes is thrown away, so that the sender can read our answer. */
function unread(incoming: IncomingMessage): Body {
  discard(incoming);
  return { bytes: new Uint8Array(), release: () => {} };
}

const later = (body: string, afterS: number): Answer => ({
  ...plain(503, body),
  headers: { "retry-after": String(afterS) },
});

const plain = (status: number, body: string): WebhookResponse => ({
  status,
  contentType: "text/plain; charset=utf-8",
  body,
});
