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
      log.info({ channel: name, known: withWebhook(channels) }, "webhook for no channel of ours refused");
      return plain(404, "There is no such channel with a webhook; the log says which there are.");
    }
    const { adapter, config } = open;
    const { webhook } = open.adapter;
    const verdict = webhook.verify(request, config, request.receivedAt);
    if (!verdict.ok) {
      // Not stored: whoever can't sign must not be able to fill the disk.
      meter.refused(name, verdict.status);
      log.warn({ channel: name, status: verdict.status, reason: verdict.reason }, "webhook refused");
      return webhook.respond(verdict, [], request);
    }
    const items = readable(() => adapter.parse(request, config), { log, name });
    try {
      return webhook.respond(verdict, await receive(name, request, items), request);
    } catch (error) {
      log.error({ err: error, channel: name }, "inbound could not be stored");
      return plain(503, "Not stored: the database can't be reached. Send it again.");
    }
  };
}

/** What can't be read or says nothing is kept with that reason, so that its bytes can be read again (I4). */
function readable(parse: () => Inbound[], o: { log: Logger; name: string }): Inbound[] {
  try {
    const items = parse();
    return items.length === 0 ? [kept("empty")] : items;
  } catch (error) {
    // An adapter that fails on a body has a bug.
    o.log.error({ err: error, channel: o.name }, "inbound was unreadable");
    return [kept("unreadable")];
  }
}

const kept = (reason: string): Inbound => ({ kind: "ignored", reason, dedupeKeys: [], externalId: "" });

function withWebhook(channels: ReadonlyMap<string, OpenChannel>): string[] {
  return [...channels].filter(([, { adapter }]) => adapter.webhook !== undefined).map(([name]) => name);
}

const plain = (status: number, body: string): WebhookResponse => ({
  status,
  contentType: "text/plain; charset=utf-8",
  body: `${body}\n`,
});
