/** Webhooks of platforms: verified over the raw bytes, stored, and only then acknowledged (I1). */
import type { ChannelAdapter } from "../adapter/adapter.ts";
import type { RawRequest, WebhookResponse } from "../adapter/inbound.ts";
import { createLogThrottle } from "../lib/log-throttle.ts";
import type { Logger } from "../lib/logger.ts";
import type { Meter } from "../lib/meter.ts";
import type { Ingest, OpenChannel } from "./ingest.ts";

/** Webhooks of all channels, as the web server sees them (admin/deps.ts). */
export interface Webhooks {
  /** Limits on a request that the web server checks before it reads the body; null where the channel has no webhook. */
  webhookRules: (channel: string) => NonNullable<ChannelAdapter["webhook"]> | null;
  /** Verifies a request, stores it and says what to answer. */
  webhook: (channel: string, request: RawRequest) => Promise<WebhookResponse>;
}

interface WebhookOptions {
  channels: ReadonlyMap<string, OpenChannel>;
  ingest: Ingest;
  log: Logger;
  meter: Meter;
}

/** Every failure is an answer, so that the platform knows whether to send the request again. */
export function createWebhooks({ channels, ingest, log, meter }: WebhookOptions): Webhooks {
  // Strangers can cause each of these log lines as often as they like.
  const throttle = createLogThrottle();
  const rulesOf = (name: string) => channels.get(name)?.adapter.webhook ?? null;

  function refuseUnknown(name: string): WebhookResponse {
    meter.countRefused(null, 404);
    const fields = throttle("unknown");
    if (fields !== null) {
      const known = [...channels.keys()].filter((one) => rulesOf(one) !== null);
      log.info({ channel: name, known, ...fields }, "webhook for no channel of ours refused");
    }
    return plainText(404, "There is no such channel with a webhook; the log says which there are.");
  }

  return {
    webhookRules: rulesOf,
    async webhook(name, request) {
      const open = channels.get(name);
      if (open?.adapter.webhook === undefined) return refuseUnknown(name);
      const { verify, respond } = open.adapter.webhook;
      const verdict = verify(request, open.config, request.receivedAt);
      if (!verdict.ok) {
        // It is not stored: whoever can't sign must not be able to fill the disk.
        const { status, reason } = verdict;
        meter.countRefused(name, status);
        const fields = throttle(`${name} ${status}`);
        if (fields !== null) log.warn({ channel: name, status, reason, ...fields }, "webhook refused");
        return respond(verdict, [], request);
      }
      try {
        const { stored, answer } = await ingest(name, request);
        if (answer === null) return respond(verdict, stored, request);
        return { status: 200, contentType: "application/json; charset=utf-8", body: answer };
      } catch (error) {
        const fields = throttle(`${name} unstored`);
        if (fields !== null) log.error({ err: error, channel: name, ...fields }, "inbound could not be stored");
        return plainText(503, "Not stored: the database can't be reached. Send it again.");
      }
    },
  };
}

const plainText = (status: number, body: string): WebhookResponse => ({
  status,
  contentType: "text/plain; charset=utf-8",
  body: `${body}\n`,
});
