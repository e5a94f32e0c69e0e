/**
 * POST /channels/<channel>: the hot path, so node's own request goes straight to inbound, without the web framework
 * (a seventh of the whole cost of a message when it stood in between).
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { WebhookResponse } from "../channel/inbound.ts";
import type { ServerDeps } from "./deps.ts";
import { MAX_WEBHOOK_BYTES } from "./limits.ts";
import { rawRequest } from "./raw-request.ts";
import { readBody } from "./request-body.ts";
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
  o: { channel: string; deps: ServerDeps },
): Promise<void> {
  const { status, contentType, body, headers } = await answer(incoming, o);
  if (outgoing.destroyed) return;
  outgoing.writeHead(status, { ...SECURITY_HEADERS, ...headers, "content-type": contentType });
  outgoing.end(body);
}

type Answer = WebhookResponse & { headers?: Readonly<Record<string, string>> };

async function answer(
  incoming: IncomingMessage,
  { channel, deps }: { channel: string; deps: ServerDeps },
): Promise<Answer> {
  try {
    const body = deps.takesWebhooks(channel) ? await readBody(incoming, MAX_WEBHOOK_BYTES) : unread(incoming);
    if (body === "gone") {
      deps.log.info({ channel }, "webhook ended before its body was complete");
      return plain(400, "The body is not complete.\n");
    }
    if (body === "too large") return plain(413, `The body is larger than ${MAX_WEBHOOK_BYTES} bytes.\n`);
    const { publicUrl } = deps;
    return await deps.webhook(channel, rawRequest(incoming, { body, receivedAt: deps.clock(), publicUrl }));
  } catch (error) {
    deps.log.error({ err: error, channel }, "webhook could not be stored");
    return { ...plain(503, "This could not be stored. Send it again.\n"), headers: { "retry-after": "2" } };
  }
}

/** Whatever still comes is thrown away, so that the sender can read our answer. */
function unread(incoming: IncomingMessage): Uint8Array {
  incoming.resume();
  return new Uint8Array();
}

const plain = (status: number, body: string): WebhookResponse => ({
  status,
  contentType: "text/plain; charset=utf-8",
  body,
});
