/** Reads the errors of a request to a model. */
import type { APIError } from "openai";
import type { FetchError, FetchFault } from "../lib/fetch.ts";
import { DIALECT_FIELDS } from "./dialect.ts";
import type { FaultOutcome, ModelFault } from "./outcome.ts";

/** Names of errors are words; anything else that a server writes stays out of messages and logs. */
const WORD = /^[\w.[\]-]{1,80}$/;
const DATE_S = 1_000;

/** The fault of a request that got no answer. */
export function fetchFault(model: string, error: FetchError): ModelFault {
  const outcome = FETCH_OUTCOMES[error.fault];
  return { outcome, message: `${model}: ${error.message}`, retryAfterMs: null, mayHaveLeft: error.mayHaveLeft };
}

const FETCH_OUTCOMES: Readonly<Record<FetchFault, FaultOutcome>> = {
  forbidden: "forbidden",
  unreachable: "unreachable",
  timeout: "timeout",
  aborted: "cancelled",
  closed: "disconnected",
  too_large: "unreadable",
  redirected: "rejected",
};

interface StatusOptions {
  model: string;
  /** The answer: the package keeps of it only what has OpenAI's shape. */
  text: string;
  /** For a `Retry-After` that is a date. */
  now: Date;
}

/** The fault that an answer with an error status means. */
export function statusFault(error: APIError, { model, text, now }: StatusOptions): ModelFault {
  const { status } = error as { status: number | undefined };
  const names = [error.type, error.code, error.param].filter((name) => typeof name === "string" && WORD.test(name));
  const outcome = statusOutcome(error, text);
  const named = names.length === 0 ? "" : ` (${names.join(", ")})`;
  return {
    outcome,
    ...(outcome === "rejected" ? { refused: DIALECT_FIELDS.filter((field) => text.includes(field)) } : {}),
    message: `${model}: the server answered ${status ?? "no status"}${named}.`,
    retryAfterMs: retryAfterMs(error.headers, now),
    mayHaveLeft: true,
  };
}

/** Servers of other vendors say it in words only. */
const TOO_LONG = /maximum context length|context (?:window|length|size)|prompt is too long|too many tokens/i;

function statusOutcome({ status, code, type }: APIError, text: string): FaultOutcome {
  if (status === undefined) return "unreadable";
  if (status === 429)
    return code === "insufficient_quota" || type === "insufficient_quota" ? "out_of_quota" : "rate_limited";
  if (code === "context_length_exceeded" || ((status === 400 || status === 413) && TOO_LONG.test(text)))
    return "too_long";
  if (code === "content_filter" || code === "content_policy_violation") return "refused";
  if (status === 401 || status === 403 || status === 404) return "unauthorised";
  // 408: the server gave up waiting; 409: a lock; both are asked for again by OpenAI's own client.
  if (status >= 500 || status === 408 || status === 409) return "server_error";
  return "rejected";
}

/** Reads `Retry-After-Ms` (OpenAI) and `Retry-After` (RFC 9110: seconds or a date). */
export function retryAfterMs(headers: Headers | undefined, now: Date): number | null {
  const precise = Number(headers?.get("retry-after-ms") ?? Number.NaN);
  if (precise >= 0) return precise;
  const text = headers?.get("retry-after")?.trim() ?? "";
  if (text === "") return null;
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * DATE_S : Date.parse(text) - now.getTime();
  return Number.isFinite(ms) && ms >= 0 ? ms : null;
}
