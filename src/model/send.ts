/** Sends one request to a model through OpenAI's package, over our own bounded and address-checked HTTP. */
import type { OpenAI } from "openai";
import type { ChatCompletionCreateParamsNonStreaming } from "openai/resources";
import { systemClock } from "../lib/clock.ts";
import { boundedFetch, FetchError } from "../lib/fetch.ts";
import type { Endpoint } from "./endpoint.ts";
import { fetchFault, statusFault } from "./fault.ts";
import type { ModelFault } from "./outcome.ts";

/** Twice the longest answer of any model (128,000 tokens); a server that sends more is broken. */
export const MAX_ANSWER_BYTES = 1024 * 1024;
/** The package's own timer comes later than ours, whose fault tells if the request may have left. */
const LATER_MS = 10_000;

export interface SendOptions {
  timeoutMs: number;
  signal: AbortSignal;
  /** Asked right before the bytes leave; where it says false they do not (E1). */
  mayLeave: () => boolean;
}

/** What came back: a body that may be a completion, or the fault. */
export type Sent = { kind: "body"; body: unknown } | { kind: "fault"; fault: ModelFault };

/** Sends a request once. Never throws but on bugs. */
export async function sendRequest(
  endpoint: Endpoint,
  body: ChatCompletionCreateParamsNonStreaming,
  options: SendOptions,
): Promise<Sent> {
  // Loaded with the first request, so that an installation without models never does.
  const sdk = await import("openai");
  const seen: Seen = { error: null, text: "" };
  const client = createClient(sdk.OpenAI, endpoint, { ...options, seen });
  try {
    return { kind: "body", body: await client.chat.completions.create(body, { signal: options.signal }) };
  } catch (error) {
    const { model } = endpoint;
    if (seen.error instanceof FetchError) return { kind: "fault", fault: fetchFault(model, seen.error) };
    // The package would hide a bug of ours as a lost connection.
    if (seen.error !== null) throw seen.error;
    if (error instanceof sdk.APIUserAbortError) return { kind: "fault", fault: notSent(model) };
    if (error instanceof sdk.APIError)
      return { kind: "fault", fault: statusFault(error, { model, text: seen.text, now: systemClock() }) };
    // The package parses the JSON of a body and throws what that throws.
    if (error instanceof SyntaxError) return { kind: "body", body: null };
    throw error;
  }
}

const notSent = (model: string): ModelFault => ({
  outcome: "cancelled",
  message: `${model}: The request was aborted.`,
  retryAfterMs: null,
  mayHaveLeft: false,
});

/** What the package keeps to itself. */
interface Seen {
  /** Thrown by our own HTTP; null: nothing was. */
  error: unknown;
  /** The beginning of an answer that is an error. */
  text: string;
}

/** An error says what is wrong in its first lines. */
const ERROR_CHARACTERS = 10_000;

/** Every setting is given: left out, the package reads it from the environment, and retries by itself. */
function createClient(
  Sdk: typeof OpenAI,
  { baseUrl, apiKey, allowPrivate }: Endpoint,
  { seen, ...o }: SendOptions & { seen: Seen },
): OpenAI {
  return new Sdk({
    baseURL: baseUrl,
    apiKey: apiKey ?? "none",
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: o.timeoutMs + LATER_MS,
    logLevel: "off",
    defaultHeaders: apiKey === null ? { authorization: null } : {},
    fetch: async (url, init) => {
      try {
        const response = await fetchBounded(new URL(url instanceof Request ? url.url : url), init, {
          ...o,
          allowPrivate,
        });
        if (!response.ok) seen.text = (await response.clone().text()).slice(0, ERROR_CHARACTERS);
        return response;
      } catch (error) {
        seen.error = error;
        throw error;
      }
    },
  });
}

/** Headers of an answer that matter here; others may hold what `Headers` refuses. */
const KEPT_HEADERS = ["content-type", "retry-after", "retry-after-ms", "x-request-id"];
/** https://fetch.spec.whatwg.org/#null-body-status */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);
/** `Response` takes no higher status. */
const HIGHEST_STATUS = 599;
const BAD_GATEWAY = 502;

async function fetchBounded(
  url: URL,
  init: RequestInit | undefined,
  { timeoutMs, mayLeave, signal, allowPrivate }: SendOptions & { allowPrivate: boolean },
): Promise<Response> {
  const answer = await boundedFetch(url, {
    method: init?.method ?? "GET",
    headers: Object.fromEntries(new Headers(init?.headers)),
    ...(typeof init?.body === "string" ? { body: init.body } : {}),
    timeoutMs,
    maxBytes: MAX_ANSWER_BYTES,
    allowPrivate,
    mayLeave,
    signal,
  });
  const kept = KEPT_HEADERS.flatMap((name): [string, string][] => {
    const value = answer.headers[name];
    return typeof value === "string" ? [[name, value]] : [];
  });
  const body = WITHOUT_BODY.has(answer.status) ? null : new Uint8Array(answer.body);
  const status = answer.status > HIGHEST_STATUS ? BAD_GATEWAY : answer.status;
  return new Response(body, { status, headers: kept });
}
