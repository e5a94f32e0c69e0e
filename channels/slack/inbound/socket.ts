/**
 * Socket Mode: receives Slack's payloads over a connection of our own (docs.slack.dev, "Socket Mode").
 *
 * 1. A payload is acknowledged after it is stored, never before: Slack sends it again if it was not.
 * 2. A connection that ends, for any reason, is followed by the next, until we close. The SDK's own reconnecting would end
 *    the process on a revoked token (an unhandled rejection), so each of its clients serves one connection.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { SocketModeClient } from "@slack/socket-mode";
import { z } from "zod";
import type { InboundConnection } from "../../../src/adapter/adapter.ts";
import { backoffMs } from "../../../src/lib/backoff.ts";
import type { Logger } from "../../../src/lib/logger.ts";
import type { SlackConfig } from "../config.ts";
import { failure } from "../outbound/errors.ts";
import { apiOrigin } from "../outbound/web-client.ts";
import { jsonOf } from "./json.ts";

/** Timeouts of apps.connections.open and of the closing handshake. */
const OPEN_MS = 10_000;
const CLOSE_MS = 1_000;
/** Delays between tries to connect; a refused token takes an admin to fix. */
const RETRY = { baseMs: 500, maxMs: 30_000 };
const REFUSED_RETRY_MS = 300_000;
/** A connection that ends sooner counts as failed; Slack refreshes them every few hours. */
const STEADY_MS = 5_000;
/** Errors of apps.connections.open about the token itself (docs.slack.dev). */
const TOKEN_FAULTS: ReadonlySet<string> = new Set([
  "access_denied",
  "account_inactive",
  "enterprise_is_restricted",
  "invalid_auth",
  "missing_scope",
  "no_permission",
  "not_allowed_token_type",
  "not_authed",
  "team_access_not_granted",
  "team_disabled",
  "token_expired",
  "token_revoked",
  "user_removed_from_team",
]);

type Take = Parameters<NonNullable<InboundConnection["receive"]>>[0];

/** An envelope as the SDK delivers it. */
const SdkEnvelope = z.object({
  ack: z.custom<(response?: Record<string, unknown>) => Promise<void>>((value) => typeof value === "function"),
  body: z.record(z.string(), z.unknown()),
  accepts_response_payload: z.boolean().optional().catch(undefined),
});
type SdkEnvelope = z.infer<typeof SdkEnvelope>;

interface SocketOptions {
  token: string;
  config: SlackConfig;
  log: Logger;
  take: Take;
  closing: AbortSignal;
}

/** Listens until `closing`; resolves when everything received was handled and every handle is free. */
export async function listenBySocket(o: SocketOptions): Promise<void> {
  const { SocketModeClient } = await import("@slack/socket-mode");
  const handling = new Set<Promise<void>>();
  const onEnvelope = (given: unknown): void => {
    const done = handleEnvelope(given, o).finally(() => handling.delete(done));
    handling.add(done);
  };
  let failures = 0;
  while (!o.closing.aborted) {
    const began = performance.now();
    try {
      await serveConnection(new SocketModeClient(clientOptions(o)), o, onEnvelope);
      failures = performance.now() - began > STEADY_MS ? 0 : failures + 1;
      if (failures > 1) await pause(backoffMs(failures - 1, RETRY), o.closing);
    } catch (error) {
      if (o.closing.aborted) break;
      failures++;
      await pause(logFailure(error, { failures, log: o.log }), o.closing);
    }
  }
  await Promise.all(handling);
}

/** Serves one connection until it ends. Throws if it can't be opened. */
async function serveConnection(
  client: SocketModeClient,
  o: SocketOptions,
  onEnvelope: (given: unknown) => void,
): Promise<void> {
  client.on("slack_event", onEnvelope);
  catchRejections(client, o.log);
  const ended = new Promise<void>((end) => client.once("disconnected", () => end()));
  const stop = (): void => void disconnect(client);
  o.closing.addEventListener("abort", stop, { once: true });
  try {
    await client.start();
    o.log.info({}, "slack connection opened");
    if (o.closing.aborted) stop();
    await ended;
  } finally {
    o.closing.removeEventListener("abort", stop);
  }
}

async function handleEnvelope(given: unknown, { take, log }: SocketOptions): Promise<void> {
  const envelope = SdkEnvelope.safeParse(given).data;
  if (envelope === undefined) return log.warn({}, "slack envelope had no payload");
  const body = new TextEncoder().encode(JSON.stringify(envelope.body));
  let answer: string | null;
  try {
    answer = await take({ body, contentType: "application/json", receivedAt: new Date() });
  } catch (error) {
    return log.error({ err: error }, "slack payload not stored; slack sends it again");
  }
  await acknowledge(envelope, answer).catch((error: unknown) => {
    log.debug({ err: error }, "slack payload not acknowledged; slack sends it again");
  });
}

async function acknowledge({ ack, accepts_response_payload }: SdkEnvelope, answer: string | null): Promise<void> {
  const response = z.record(z.string(), z.unknown()).safeParse(answer === null ? undefined : jsonOf(answer)).data;
  await (accepts_response_payload === true && response !== undefined ? ack(response) : ack());
}

/** Catches rejections of the SDK's listener on unexpected envelopes, which would end the process. */
function catchRejections(client: SocketModeClient, log: Logger): void {
  const listeners = client.listeners("ws_message") as ((...given: unknown[]) => unknown)[];
  client.removeAllListeners("ws_message");
  client.on("ws_message", (...given: unknown[]) => {
    for (const listener of listeners) {
      Promise.resolve(listener(...given)).catch((error: unknown) => {
        log.warn({ err: error }, "slack envelope was unreadable");
      });
    }
  });
}

/** Disconnects: the client waits up to 30 s for Slack's closing frame, but a second call ends it at once. */
async function disconnect(client: SocketModeClient): Promise<void> {
  const ended = client.disconnect();
  const late = new AbortController();
  const first = await Promise.race([ended, wait(CLOSE_MS, "late", { signal: late.signal }).catch(() => undefined)]);
  late.abort();
  if (first === "late") await client.disconnect();
}

/** Logs for an admin why there is no connection; returns the time to wait in milliseconds. */
function logFailure(error: unknown, { failures, log }: { failures: number; log: Logger }): number {
  const code = z.object({ data: z.object({ error: z.string() }) }).safeParse(error).data?.data.error;
  if (code !== undefined && TOKEN_FAULTS.has(code)) {
    const todo =
      "make an app-level token with the scope connections:write (Basic Information), and set app_token to it";
    log.error({ code, todo }, "slack refused app_token; nothing is received over Socket Mode");
    return REFUSED_RETRY_MS;
  }
  const { code: why, message: reason } = failure(error);
  log.warn({ code: why, reason, failures }, "slack connection failed; it is tried again");
  return backoffMs(failures, RETRY);
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  wait(ms, undefined, { signal }).catch(() => undefined);

function clientOptions({
  token,
  config,
  log,
  closing,
}: SocketOptions): ConstructorParameters<typeof SocketModeClient>[0] {
  return {
    appToken: token,
    autoReconnectEnabled: false,
    logger: {
      // At debug and info it logs payloads, which are customers' words; its errors are also thrown.
      debug: () => {},
      info: () => {},
      warn: (...message: unknown[]) => log.debug({ message: message.join(" ") }, "slack connection warned"),
      error: () => {},
      setLevel: () => {},
      getLevel: () => "warn" as never,
      setName: () => {},
    },
    clientOptions: {
      slackApiUrl: `${apiOrigin(config)}/api/`,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      fetch: (url, init) =>
        fetch(url, { ...(init as RequestInit), signal: AbortSignal.any([closing, AbortSignal.timeout(OPEN_MS)]) }),
    },
  };
}
