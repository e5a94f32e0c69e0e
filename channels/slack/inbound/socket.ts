/**
 * Socket Mode: Slack's payloads over a connection of our own (docs.slack.dev, "Socket Mode").
 *
 * 1. A payload is acknowledged when it is stored, never before: what was not is sent again.
 * 2. Whatever ends a connection opens the next, until we close. The SDK's own reconnecting would end the process on a
 *    token that was taken back (an unhandled rejection), so each of its clients serves for one connection.
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

/** For an answer of apps.connections.open, and for the closing handshake. */
const OPEN_MS = 10_000;
const CLOSE_MS = 1_000;
/** Between tries to connect; a token that is refused is not soon a good one. */
const RETRY = { baseMs: 500, maxMs: 30_000 };
const REFUSED_RETRY_MS = 300_000;
/** A connection that ends sooner was none; Slack refreshes them every few hours. */
const STEADY_MS = 5_000;
/** What apps.connections.open says of the token itself (docs.slack.dev). */
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

/** What the SDK makes of an envelope. */
const Delivered = z.object({
  ack: z.custom<(response?: Record<string, unknown>) => Promise<void>>((value) => typeof value === "function"),
  body: z.record(z.string(), z.unknown()),
  accepts_response_payload: z.boolean().optional().catch(undefined),
});
type Delivered = z.infer<typeof Delivered>;

interface Listening {
  token: string;
  config: SlackConfig;
  log: Logger;
  take: Take;
  closing: AbortSignal;
}

/** Listens until `closing`; resolves then, when everything taken has been told of and every handle is free. */
export async function listenBySocket(o: Listening): Promise<void> {
  const { SocketModeClient } = await import("@slack/socket-mode");
  const taking = new Set<Promise<void>>();
  const taken = (given: unknown): void => {
    const done = handled(given, o).finally(() => taking.delete(done));
    taking.add(done);
  };
  let failures = 0;
  while (!o.closing.aborted) {
    const began = performance.now();
    try {
      await served(new SocketModeClient(clientOptions(o)), o, taken);
      failures = performance.now() - began > STEADY_MS ? 0 : failures + 1;
      if (failures > 1) await paused(backoffMs(failures - 1, RETRY), o.closing);
    } catch (error) {
      if (o.closing.aborted) break;
      failures++;
      await paused(complained(error, { failures, log: o.log }), o.closing);
    }
  }
  await Promise.all(taking);
}

/** One connection, from opening to its end. Throws where it did not come about. */
async function served(client: SocketModeClient, o: Listening, taken: (given: unknown) => void): Promise<void> {
  client.on("slack_event", taken);
  unthrowing(client, o.log);
  const ended = new Promise<void>((end) => client.once("disconnected", () => end()));
  const stop = (): void => void disconnected(client);
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

async function handled(given: unknown, { take, log }: Listening): Promise<void> {
  const delivered = Delivered.safeParse(given).data;
  if (delivered === undefined) return log.warn({}, "slack sent an envelope without a payload");
  const body = new TextEncoder().encode(JSON.stringify(delivered.body));
  let answer: string | null;
  try {
    answer = await take({ body, contentType: "application/json", receivedAt: new Date() });
  } catch (error) {
    return log.error({ err: error }, "slack payload could not be stored; slack sends it again");
  }
  await acknowledged(delivered, answer).catch((error: unknown) => {
    log.debug({ err: error }, "slack connection ended before a payload was acknowledged; slack sends it again");
  });
}

async function acknowledged({ ack, accepts_response_payload }: Delivered, answer: string | null): Promise<void> {
  const response = z.record(z.string(), z.unknown()).safeParse(answer === null ? undefined : jsonOf(answer)).data;
  await (accepts_response_payload === true && response !== undefined ? ack(response) : ack());
}

/** The SDK's own listener rejects on an envelope that it does not expect, and nobody hears that but the process. */
function unthrowing(client: SocketModeClient, log: Logger): void {
  const listeners = client.listeners("ws_message") as ((...given: unknown[]) => unknown)[];
  client.removeAllListeners("ws_message");
  client.on("ws_message", (...given: unknown[]) => {
    for (const listener of listeners) {
      Promise.resolve(listener(...given)).catch((error: unknown) => {
        log.warn({ err: error }, "slack sent an envelope that could not be read");
      });
    }
  });
}

/** Asked once, the client waits up to 30 s for Slack's closing frame; asked again, it ends at once. */
async function disconnected(client: SocketModeClient): Promise<void> {
  const ended = client.disconnect();
  const late = new AbortController();
  const first = await Promise.race([ended, wait(CLOSE_MS, "late", { signal: late.signal }).catch(() => undefined)]);
  late.abort();
  if (first === "late") await client.disconnect();
}

/** Logs why there is no connection, in words for an admin; answers with how long to wait, milliseconds. */
function complained(error: unknown, { failures, log }: { failures: number; log: Logger }): number {
  const code = z.object({ data: z.object({ error: z.string() }) }).safeParse(error).data?.data.error;
  if (code !== undefined && TOKEN_FAULTS.has(code)) {
    const todo =
      "make an app-level token with the scope connections:write (Basic Information), and set app_token to it";
    log.error({ code, todo }, "slack refused app_token, so nothing comes in over Socket Mode");
    return REFUSED_RETRY_MS;
  }
  const { code: why, message: reason } = failure(error);
  log.warn({ code: why, reason, failures }, "slack connection could not be opened; it is tried again");
  return backoffMs(failures, RETRY);
}

const paused = (ms: number, signal: AbortSignal): Promise<void> =>
  wait(ms, undefined, { signal }).catch(() => undefined);

function clientOptions({ token, config, log, closing }: Listening): ConstructorParameters<typeof SocketModeClient>[0] {
  return {
    appToken: token,
    autoReconnectEnabled: false,
    logger: {
      // At these it writes out payloads, which are customers' words; what it calls an error is also thrown.
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
