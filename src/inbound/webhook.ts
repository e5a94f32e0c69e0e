/** Platform webhooks: verified over raw bytes, stored, and only then acknowledged (I1). */
import type { RawRequest, WebhookResponse } from "../adapter/inbound.ts";
import { createLogThrottle } from "../lib/log-throttle.ts";
import type { Logger } from "../lib/logger.ts";
import type { Meter } from "../lib/meter.ts";
import type { Ingest, OpenChannel } from "./ingest.ts";

export type Webhook = (channel: string, request: RawRequest) => Promise<WebhookResponse>;

interface WebhookOptions {
  channels: ReadonlyMap<string, OpenChannel>;
  ingest: Ingest;
  log: Logger;
  meter: Meter;
}

/** Takes a request for a channel; every failure is an answer, so that the platform knows whether to send it again. */
export function createWebhook({ channels, ingest, log, meter }: WebhookOptions): Webhook {
  // Anybody may send what is refused here, as often as they like.
  const spare = createLogThrottle();
  return async (name, request) => {
    const open = channels.get(name);
    if (open?.adapter.webhook === undefined) {
      meter.countRefused(null, 404);
      const more = spare("unknown");
      if (more !== null)
        log.info({ channel: name, known: withWebhook(channels), ...more }, "webhook for no channel of ours refused");
      return plain(404, "There is no such channel with a webhook; the log says which there are.");
    }
    const { webhook } = open.adapter;
    const verdict = webhook.verify(request, open.config, request.receivedAt);
    if (!verdict.ok) {
      // Not stored: whoever can't sign must not be able to fill the disk.
      meter.countRefused(name, verdict.status);
      const more = spare(`${name} ${verdict.status}`);
      const { status, reason } = verdict;
      if (more !== null) log.warn({ channel: name, status, reason, ...more }, "webhook refused");
      return webhook.respond(verdict, [], request);
    }
    try {
      const { stored, answer } = await ingest(name, request);
      if (answer === null) return webhook.respond(verdict, stored, request);
      return { status: 200, contentType: "application/json; charset=utf-8", body: answer };
    } catch (error) {
      const more = spare(`${name} unstored`);
      if (more !== null) log.error({ err: error, channel: name, ...more }, "inbound could not be stored");
      return plain(503, "Not stored: the database can't be reached. Send it again.");
    }
  };
}

function withWebhook(channels: ReadonlyMap<string, OpenChannel>): string[] {
  return [...channels].filter(([, { adapter }]) => adapter.webhook !== undefined).map(([name]) => name);
}

const plain = (status: number, body: string): WebhookResponse => ({
  status,
  contentType: "text/plain; charset=utf-8",
  body: `${body}\n`,
});
