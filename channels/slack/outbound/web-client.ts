import { AsyncLocalStorage } from "node:async_hooks";
import type { WebClient, WebClientOptions } from "@slack/web-api";
import type { SlackConfig } from "../config.ts";
import { quiet } from "./quiet.ts";

const SLACK = "https://slack.com";
/** Slack answers in well under a second; a lane is not held longer than this for it. */
const TIMEOUT_MS = 10_000;
/** Where Slack says 429 without a wait that can be read. */
const UNREADABLE_WAIT_S = "30";

/** Who may call off the Web API call that is being made. */
const callers = new AsyncLocalStorage<AbortSignal>();

/** Makes a Web API call that ends when the signal says so: the SDK takes none. */
export const calledOffBy = <Value>(signal: AbortSignal, call: () => Promise<Value>): Promise<Value> =>
  callers.run(signal, call);

/** Slack's Web API with the bot's token: it tries nothing again by itself, because only the outbox knows what that means. */
export async function openWebClient(config: SlackConfig): Promise<WebClient> {
  const { WebClient } = await import("@slack/web-api");
  return new WebClient(config.bot_token, clientOptions(config));
}

/** The origin that Web API calls go to ("https://slack.com"). */
export const apiOrigin = (config: SlackConfig): string => (config.api_url ?? SLACK).replace(/\/+$/, "");

function clientOptions(config: SlackConfig): WebClientOptions {
  return {
    slackApiUrl: `${apiOrigin(config)}/api/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    // A call that waits in the SDK's own queue would forget who may call it off.
    maxRequestConcurrency: Number.POSITIVE_INFINITY,
    logger: quiet,
    fetch: fetchOnce,
  };
}

/** Reads the whole answer, so that the deadline and the caller's signal hold for all of it. */
const fetchOnce: NonNullable<WebClientOptions["fetch"]> = async (url, init) => {
  const stop = new AbortController();
  const caller = callers.getStore();
  const abort = (): void => stop.abort(caller?.reason);
  const timer = setTimeout(() => stop.abort(late()), TIMEOUT_MS);
  caller?.addEventListener("abort", abort, { once: true });
  if (caller?.aborted) abort();
  try {
    const { signal } = stop;
    const response = await fetch(url, { ...(init as RequestInit), signal });
    const { status, statusText } = response;
    const headers = new Headers(response.headers);
    const text = await response.text();
    const wait = headers.get("retry-after") ?? "";
    if (status === 429 && !/^\d+$/.test(wait)) headers.set("retry-after", UNREADABLE_WAIT_S);
    // An empty body is none: with some statuses (204) any other is an error.
    return new Response(text || null, { status, statusText, headers });
  } finally {
    clearTimeout(timer);
    caller?.removeEventListener("abort", abort);
  }
};

const late = (): Error => Object.assign(new Error(`No answer within ${TIMEOUT_MS / 1_000} s`), { code: "timeout" });
