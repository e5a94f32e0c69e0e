import { AsyncLocalStorage } from "node:async_hooks";
import type { WebClient, WebClientOptions } from "@slack/web-api";
import type { Leaving } from "../../../src/adapter/flight.ts";
import { startDeadline } from "../../../src/lib/deadline.ts";
import type { SlackConfig } from "../config.ts";
import { heldFetch } from "./held-fetch.ts";
import { quiet } from "./quiet.ts";

const SLACK = "https://slack.com";
/** Slack answers in well under a second; this is the longest time that a call blocks a lane. */
const TIMEOUT_MS = 10_000;
/** Wait after a 429 whose Retry-After is unreadable. */
const UNREADABLE_WAIT_S = "30";

/** The caller of a Web API call. `leaving` is left out by calls that only read. */
export interface Caller {
  signal: AbortSignal;
  leaving?: Leaving;
  /** Called with the headers of Slack's answer, which the SDK keeps to itself. */
  onAnswer?: (headers: Headers) => void;
}

/** Caller of the current Web API call. */
const callers = new AsyncLocalStorage<Caller>();

/** Makes a Web API call that the signal aborts, and that asks before it leaves; the SDK itself takes neither. */
export const calledBy = <Value>(caller: Caller, call: () => Promise<Value>): Promise<Value> =>
  callers.run(caller, call);

/** Opens Slack's Web API with the bot's token. It retries nothing by itself: only the outbox may decide that. */
export async function openWebClient(config: SlackConfig): Promise<WebClient> {
  const { WebClient } = await import("@slack/web-api");
  return new WebClient(config.bot_token, clientOptions(config));
}

/** Returns the origin of Web API calls ("https://slack.com"). */
export const apiOrigin = (config: SlackConfig): string => (config.api_url ?? SLACK).replace(/\/+$/, "");

function clientOptions(config: SlackConfig): WebClientOptions {
  return {
    slackApiUrl: `${apiOrigin(config)}/api/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    // A call in the SDK's own queue would lose its caller's signal.
    maxRequestConcurrency: Number.POSITIVE_INFINITY,
    logger: quiet,
    fetch: fetchOnce,
  };
}

/** Fetches and reads the whole answer, so that the timeout and the caller's signal cover all of it. */
const fetchOnce: NonNullable<WebClientOptions["fetch"]> = async (url, init) => {
  const stop = new AbortController();
  const { signal: caller, leaving, onAnswer } = callers.getStore() ?? {};
  const abort = (): void => stop.abort(caller?.reason);
  const deadline = startDeadline(TIMEOUT_MS, () => stop.abort(late()));
  caller?.addEventListener("abort", abort, { once: true });
  if (caller?.aborted) abort();
  try {
    const { signal } = stop;
    const request = init as RequestInit;
    const response = await (leaving === undefined
      ? fetch(url, { ...request, signal })
      : heldFetch(url, request, { signal, leave: leaving }));
    const { status, statusText } = response;
    const headers = new Headers(response.headers);
    onAnswer?.(headers);
    const text = await response.text();
    const wait = headers.get("retry-after") ?? "";
    if (status === 429 && !/^\d+$/.test(wait)) headers.set("retry-after", UNREADABLE_WAIT_S);
    // null for an empty body: some statuses (204) allow no other.
    return new Response(text || null, { status, statusText, headers });
  } finally {
    deadline.stop();
    caller?.removeEventListener("abort", abort);
  }
};

const late = (): Error => Object.assign(new Error(`No answer within ${TIMEOUT_MS / 1_000} s`), { code: "timeout" });
