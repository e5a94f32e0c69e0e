/** Turns failed Web API calls into SendErrors. Quotes Slack's answers only where they can't contain a customer's words. */
import { SendError } from "../../../src/adapter/send-error.ts";
import { codeMeaning, retryOf } from "./error-codes.ts";
import { UnsentError } from "./held-fetch.ts";
import { type Caller, calledBy } from "./web-client.ts";

/** The longest Retry-After that is obeyed. */
const MAX_RETRY_AFTER_MS = 60 * 60_000;
const UNREACHED_RETRY_MS = 1_000;
const REQUEST_TIMEOUT = 408;
/** Form of Slack's codes; anything else comes from a proxy in between. */
const CODE = /^[a-z][a-z0-9_]{1,80}$/;
/** Failures before a request was sent: name resolution, connection, certificate. */
const UNREACHED_CALLS = ["connect", "getaddrinfo"];
const UNREACHED_CODES =
  /^(?:UND_ERR_CONNECT_TIMEOUT|CERT_.*|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*|ERR_TLS_CERT_.*|ERR_SSL_WRONG_VERSION_NUMBER)$/;

/** Makes one Web API call that only reads. Throws only SendError. */
export const call = <Value>(signal: AbortSignal, make: () => Promise<Value>): Promise<Value> =>
  callFor({ signal }, make);

/** Makes one Web API call that shows something: it asks before it leaves (E1). Throws only SendError. */
export async function callFor<Value>(caller: Caller, make: () => Promise<Value>): Promise<Value> {
  if (caller.signal.aborted) {
    const facts = { outcome: "not-sent", retry: { afterMs: 0 }, code: "aborted" } as const;
    throw new SendError("The call to Slack was aborted before it began", facts);
  }
  try {
    return await calledBy(caller, make);
  } catch (error) {
    throw failure(error);
  }
}

/** Turns an error of @slack/web-api into a SendError. */
export function failure(error: unknown): SendError {
  if (error instanceof SendError) return error;
  const thrown = (error instanceof Error ? error : new Error(String(error))) as Thrown;
  if (thrown.original instanceof SendError) return thrown.original;
  switch (thrown.code) {
    case "slack_webapi_platform_error":
      return refusedError(thrown.data ?? {});
    case "slack_webapi_rate_limited_error":
      return busyError(thrown.retryAfter ?? 0, "ratelimited");
    case "slack_webapi_http_error":
      return statusError(thrown.statusCode ?? 0);
    case undefined:
    default:
      return connectionError(thrown.original ?? thrown);
  }
}

interface Thrown extends Error {
  code?: string;
  data?: Refusal;
  retryAfter?: number;
  statusCode?: number;
  original?: Error;
}

interface Refusal {
  error?: unknown;
  needed?: unknown;
  provided?: unknown;
  response_metadata?: { retryAfter?: number; messages?: readonly string[] };
}

function refusedError(answer: Refusal): SendError {
  const code = typeof answer.error === "string" && CODE.test(answer.error) ? answer.error : null;
  if (code === null) return unknownError("Slack's answer could not be read", "unreadable");
  const known = codeMeaning(code);
  if (known?.class === "unclear") return unknownError(`Slack answered ${code}: ${known.means}`, code);
  const retryAfterS = answer.response_metadata?.retryAfter;
  if (known?.class === "busy" && retryAfterS !== undefined) return busyError(retryAfterS, code);
  const message = [known?.means ?? "see https://docs.slack.dev", ...scopes(answer), ...blockErrors(answer)].join("; ");
  return new SendError(`Slack refused the call (${code}): ${message}`, {
    outcome: "not-sent",
    retry: retryOf(known?.class),
    code,
  });
}

function scopes({ needed, provided }: Refusal): string[] {
  if (typeof needed !== "string") return [];
  return [`needed: ${needed}`, ...(typeof provided === "string" ? [`has: ${provided}`] : [])];
}

/** Returns Slack's messages about blocks, without the quoted parts. */
function blockErrors({ response_metadata: about }: Refusal): string[] {
  return (about?.messages ?? []).slice(0, 5).map((message) => message.slice(0, 300).replace(/(["'`]).*?\1/g, "…"));
}

function busyError(retryAfterS: number, code: string): SendError {
  const afterMs = Math.min(MAX_RETRY_AFTER_MS, Math.max(1, retryAfterS) * 1_000);
  const message = `Slack is busy (${code}); nothing was sent`;
  return new SendError(message, { outcome: "not-sent", retry: { afterMs }, code });
}

function statusError(status: number): SendError {
  const code = `http_${status}`;
  if (status >= 500 || status === REQUEST_TIMEOUT) return unknownError(`Slack answered ${status}`, code);
  const message = `Slack answered ${status} without a reason; if api_url is set, check that it leads to Slack`;
  return new SendError(message, { outcome: "not-sent", retry: "never", code });
}

function connectionError(error: Error): SendError {
  const code = reasonOf(error);
  if (!wasNeverSent(error)) return unknownError(`The connection to Slack failed (${code})`, code, error);
  const message = `Slack could not be reached (${code}); nothing was sent`;
  const retry = { afterMs: UNREACHED_RETRY_MS };
  return new SendError(message, { outcome: "not-sent", retry, code, cause: error });
}

const unknownError = (message: string, code: string, cause?: Error): SendError => {
  const facts = { outcome: "unknown", retry: "never", code, ...(cause && { cause }) } as const;
  return new SendError(`${message}; whether it succeeded is unknown`, facts);
};

interface Caused extends Error {
  code?: string;
  syscall?: string;
  errors?: readonly Caused[];
}

function wasNeverSent(error: Caused): boolean {
  if (error instanceof UnsentError) return true;
  if (error.errors !== undefined && error.errors.length > 0) return error.errors.every(wasNeverSent);
  if (error.syscall !== undefined && UNREACHED_CALLS.includes(error.syscall)) return true;
  if (typeof error.code === "string" && UNREACHED_CODES.test(error.code)) return true;
  return error.cause instanceof Error && wasNeverSent(error.cause);
}

function reasonOf(error: Caused): string {
  if (typeof error.code === "string") return error.code;
  if (error.cause instanceof Error) return reasonOf(error.cause);
  return error.name === "AbortError" ? "aborted" : error.message;
}
