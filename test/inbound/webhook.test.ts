import { expect, test } from "vitest";
import { playground } from "../../channels/playground/index.ts";
import type { ChannelAdapter } from "../../src/adapter/adapter.ts";
import type { Inbound, RawRequest } from "../../src/adapter/inbound.ts";
import { createIngest } from "../../src/inbound/ingest.ts";
import type { Receive } from "../../src/inbound/receive.ts";
import { createWebhooks } from "../../src/inbound/webhook.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { createMetrics } from "../../src/metrics/prometheus.ts";

const request: RawRequest = {
  method: "POST",
  url: "http://desk.example/channels/chat",
  headers: {},
  contentType: "application/json",
  body: new Uint8Array(),
  receivedAt: new Date("2026-11-20T10:00:00Z"),
};

function webhookOf(adapter: ChannelAdapter) {
  const lines: unknown[] = [];
  const received: Inbound[] = [];
  const channels = new Map([["chat", { adapter, config: {} }]]);
  const log = createLogger({ stream: { write: (line) => lines.push(JSON.parse(line)) } });
  const receive: Receive = async (_channel, _raw, items) => {
    received.push(...items);
    return [];
  };
  const ingest = createIngest({
    channels,
    interactions: new Map(),
    desk: "chat",
    receive,
    log,
  });
  const webhooks = createWebhooks({ channels, ingest, log, meter: createMetrics().meter });
  return { ...webhooks, lines, received };
}

test("a stranger who asks for a channel that is not there learns no names; the log has them", async () => {
  const { webhook, lines } = webhookOf(playground);
  const answer = await webhook("chatt", request);
  expect(answer.status).toBe(404);
  expect(answer.body).not.toMatch(/chat/);
  expect(lines).toMatchObject([{ level: 30, channel: "chatt", known: ["chat"] }]);
});

// I4
test("a body in which an adapter finds nothing is kept, with that reason", async () => {
  const silent: ChannelAdapter = {
    ...playground,
    webhook: {
      maxBytes: 1_000,
      signatureHeader: "x-signature",
      verify: () => ({ ok: true }),
      respond: () => ({ status: 200, contentType: "text/plain", body: "" }),
    },
    parse: () => [],
  };
  const { webhook, received } = webhookOf(silent);
  expect((await webhook("chat", request)).status).toBe(200);
  expect(received).toEqual([{ kind: "ignored", reason: "empty", dedupeKeys: [], externalId: "" }]);
});

test("a flood of refusals is refused one by one, and is a few lines in the log", async () => {
  const { webhook, lines } = webhookOf(playground);
  for (let n = 0; n < 500; n++) expect((await webhook("chat", request)).status).toBe(401);
  expect(lines).toHaveLength(10);
  for (let n = 0; n < 500; n++) expect((await webhook(`nothing-${n}`, request)).status).toBe(404);
  expect(lines).toHaveLength(20);
});

test("what a request must keep to before its body is read is what the channel's adapter says", () => {
  const { webhookRules } = webhookOf(playground);
  expect(webhookRules("chat")).toBe(playground.webhook);
  expect(webhookRules("chatt")).toBeNull();
  const { webhook: _, ...withoutWebhook } = playground;
  expect(webhookOf(withoutWebhook).webhookRules("chat")).toBeNull();
});
