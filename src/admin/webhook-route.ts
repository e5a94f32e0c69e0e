/**
 * POST /channels/<channel>: the hot path, so node's own request goes straight to inbound, without the web framework
 * (a seventh of the whole cost of a message when it stood in between).
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { WebhookResponse } from "../adapter/inbound.ts";
import type { LogThrottle } from "../lib/log-throttle.ts";
import type { Logger } from "../lib/logger.ts";
import type { BodyBudget } from "./body-budget.ts";
import type { ServerDeps } from "./deps.ts";
import { NO_ROOM_RETRY_S } from "./limits.ts";
import { rawRequest } from "./raw-request.ts";
import { discard, type RequestBody, readBody } from "./request-body.ts";
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
  throttle: LogThrottle;
}

type Answer = WebhookResponse & { headers?: Readonly<Record<string, string>> };

async function answer(incoming: IncomingMessage, o: WebhookOptions): Promise<Answer> {
  const { channel, deps, budget, throttle } = o;
  const door = deps.webhookRules(channel);
  // No such channel, or no signature: whatever the body is, it is refused.
  const refused = door === null || incoming.headers[door.signatureHeader] === undefined;
  const body = refused ? discardBody(incoming) : await readBody(incoming, { maxBytes: door.maxBytes, budget });
  switch (body) {
    case "gone":
      deps.meter.countRefused(channel, 400);
      logAborted(deps.log, throttle("gone"), channel);
      return plainText(400, "The body is not complete.\n");
    case "too large":
      return refuse(413, `The body is larger than ${door?.maxBytes} bytes.`, o);
    case "no room":
      return {
        ...refuse(503, "Too much is coming in at once. Send it again.", o),
        headers: { "retry-after": String(NO_ROOM_RETRY_S) },
      };
    default:
      return passOn(incoming, body, o);
  }
}

/** Counts a request that is refused for its body, and logs it some times a minute. */
function refuse(status: number, reason: string, { channel, deps, throttle }: WebhookOptions): Answer {
  deps.meter.countRefused(channel, status);
  const fields = throttle(`${channel} ${status}`);
  if (fields !== null) deps.log.warn({ channel, status, reason, ...fields }, "webhook refused");
  return plainText(status, `${reason}\n`);
}

async function passOn(
  incoming: IncomingMessage,
  body: RequestBody,
  { channel, deps, throttle }: WebhookOptions,
): Promise<Answer> {
  try {
    const { publicUrl } = deps;
    const request = rawRequest(incoming, { body: body.bytes, receivedAt: deps.clock(), publicUrl });
    return await deps.webhook(channel, request);
  } catch (error) {
    const fields = throttle("unstored");
    if (fields !== null) deps.log.error({ err: error, channel, ...fields }, "webhook could not be stored");
    return retryLater("This could not be stored. Send it again.\n", 2);
  } finally {
    body.release();
  }
}

function logAborted(log: Logger, fields: ReturnType<LogThrottle>, channel: string): void {
  if (fields !== null) log.info({ channel, ...fields }, "webhook ended before its body was complete");
}

/** Whatever still comes is thrown away, so that the sender can read our answer. */
function discardBody(incoming: IncomingMessage): RequestBody {
  discard(incoming);
  return { bytes: new Uint8Array(), release: () => {} };
}

const retryLater = (body: string, afterS: number): Answer => ({
  ...plainText(503, body),
  headers: { "retry-after": String(afterS) },
});

const plainText = (status: number, body: string): WebhookResponse => ({
  status,
  contentType: "text/plain; charset=utf-8",
  body,
});
