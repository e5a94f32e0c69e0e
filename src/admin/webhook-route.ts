/**
 * POST /channels/<channel>: the hot path. Node's request goes directly to inbound, without the web framework, which took a
 * seventh of the total cost of a message.
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

/** Returns the channel that a platform posts to; null for other requests. */
export function webhookChannel({ method, url = "" }: IncomingMessage): string | null {
  const channel = method === "POST" ? PATH.exec(url)?.[1] : undefined;
  if (channel === undefined) return null;
  try {
    return decodeURIComponent(channel);
  } catch {
    // Invalid percent-encoding is answered like an unknown channel.
    return channel;
  }
}

/** Answers a platform. Never rejects: a request that could not be stored is not acknowledged, so it is sent again (I1). */
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
  /** Budget for unverified bodies. */
  budget: BodyBudget;
  /** Throttle for this listener's log lines, whose number strangers and outages decide. */
  throttle: LogThrottle;
}

type Answer = WebhookResponse & { headers?: Readonly<Record<string, string>> };

async function answer(incoming: IncomingMessage, o: WebhookOptions): Promise<Answer> {
  const { channel, deps, budget, throttle } = o;
  const rules = deps.webhookRules(channel);
  // An unknown channel, or no signature: refused whatever the body is.
  const refused = rules === null || incoming.headers[rules.signatureHeader] === undefined;
  const body = refused ? discardBody(incoming) : await readBody(incoming, { maxBytes: rules.maxBytes, budget });
  switch (body) {
    case "gone":
      deps.meter.countRefused(channel, 400);
      logAborted(deps.log, throttle("gone"), channel);
      return plainText(400, "The body is not complete.\n");
    case "too large":
      return refuse(413, `The body is larger than ${rules?.maxBytes} bytes.`, o);
    case "no room":
      return {
        ...refuse(503, "Too many requests at once. Send it again.", o),
        headers: { "retry-after": String(NO_ROOM_RETRY_S) },
      };
    default:
      return passOn(incoming, body, o);
  }
}

/** Counts a request refused for its body, and logs some per minute. */
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
  if (fields !== null) log.info({ channel, ...fields }, "webhook body was incomplete");
}

/** Discards the body, so that the sender can read our answer. */
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
