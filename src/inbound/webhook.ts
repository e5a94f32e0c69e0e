/** Platform webhooks: verified over raw bytes, stored, and only then acknowledged (I1). */
import type { ChannelAdapter } from "../channel/adapter.ts";
import type { Inbound, RawRequest, WebhookResponse } from "../channel/inbound.ts";
import type { Logger } from "../lib/logger.ts";
import type { Meter } from "../lib/meter.ts";
import type { Receive } from "./receive.ts";

/** A configured channel as inbound sees it. */
export interface OpenChannel {
  adapter: ChannelAdapter;
  config: unknown;
}

export type Webhook = (channel: string, request: RawRequest) => Promise<WebhookResponse>;

interface WebhookOptions {
  channels: ReadonlyMap<string, OpenChannel>;
  receive: Receive;
  log: Logger;
  meter: Meter;
}

/** Takes a request for a channel; every failure is an answer, so that the platform knows whether to send it again. */
export function createWebhook({ channels, receive, log, meter }: WebhookOptions): Webhook {
  return async (name, request) => {
    const open = channels.get(name);
    if (open?.adapter.webhook === undefined) {
      meter.refused(null, 404);
      return plain(404, unknownChannel(name, channels));
    }
    const { adapter, config } = open;
    const { webhook } = open.adapter;
    const verdict = webhook.verify(request, config, request.receivedAt);
    if (!verdict.ok) {
      // Not stored: whoever can't sign must not be able to fill the disk.
      meter.refused(name, verdict.status);
      log.warn({ channel: name, status: verdict.status, reason: verdict.reason }, "webhook refused");
      return webhook.respond(verdict, []);
    }
    const items = readable(() => adapter.parse(request, config), { log, name });
    try {
      return webhook.respond(verdict, await receive(name, request, items));
    } catch (error) {
      log.error({ err: error, channel: name }, "inbound could not be stored");
      return plain(503, "Not stored: the database can't be reached. Send it again.");
    }
  };
}

/** An adapter that fails on a body has a bug; the bytes are kept with that reason, so that they can be read again (I4). */
function readable(parse: () => Inbound[], o: { log: Logger; name: string }): Inbound[] {
  try {
    return parse();
  } catch (error) {
    o.log.error({ err: error, channel: o.name }, "inbound was unreadable");
    return [{ kind: "ignored", reason: "unreadable", dedupeKeys: [], externalId: "" }];
  }
}

function unknownChannel(name: string, channels: ReadonlyMap<string, OpenChannel>): string {
  const known = [...channels].filter(([, { adapter }]) => adapter.webhook !== undefined).map(([key]) => key);
  return `There is no channel “${name}” with a webhook in frontdesk.yaml; there are: ${known.join(", ") || "none"}.`;
}

const plain = (status: number, body: string): WebhookResponse => ({
  status,
  contentType: "text/plain; charset=utf-8",
  body: `${body}\n`,
});
