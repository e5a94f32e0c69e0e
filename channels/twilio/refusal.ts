import { SendError } from "../../src/adapter/send-error.ts";
import { ERROR_CODES, type ErrorCode, retryOf } from "./error-codes.ts";

/** An HTTP answer of Twilio's REST API. */
export interface TwilioAnswer {
  statusCode: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
}

const TOO_MANY_REQUESTS = 429;
const REQUEST_TIMEOUT = 408;
/** The longest Retry-After that is obeyed. */
const MAX_RETRY_AFTER_MS = 24 * 60 * 60_000;

/**
 * Turns an answer other than 2xx into a SendError. After 429 and 4xx the message was certainly not sent. After 5xx and 408
 * the outcome is unknown: Twilio has no idempotency keys, so it is never retried blindly (O2). `now` dates a Retry-After.
 */
export function twilioRefusal(answer: TwilioAnswer, now: Date): SendError {
  const { statusCode } = answer;
  if (statusCode >= 500 || statusCode === REQUEST_TIMEOUT) {
    return new SendError(`Twilio answered ${statusCode}; whether it sent the message is unknown`, {
      outcome: "unknown",
      retry: "never",
      code: `http_${statusCode}`,
    });
  }
  const number = codeOf(answer);
  const known = number === undefined ? undefined : ERROR_CODES.get(number);
  return new SendError(explain(statusCode, number, known), {
    outcome: "not-sent",
    retry: retry(answer, known, now),
    code: number === undefined ? `http_${statusCode}` : String(number),
    ...(known?.class === "opted_out" ? { optedOut: true } : {}),
  });
}

/** Words the error without Twilio's own text, which quotes the customer's number. */
function explain(status: number, number: number | undefined, known: ErrorCode | undefined): string {
  if (number === undefined)
    return `Twilio answered ${status} without a code; if api_url is set, check that it leads to Twilio`;
  const means = known ? `: ${known.means}` : "";
  return `Twilio refused the message (HTTP ${status}, ${number}${means}); see https://www.twilio.com/docs/api/errors/${number}`;
}

function retry(answer: TwilioAnswer, known: ErrorCode | undefined, now: Date): { afterMs: number } | "never" {
  const kind = known?.class ?? (answer.statusCode === TOO_MANY_REQUESTS ? "busy" : undefined);
  if (kind === undefined) return "never";
  const fallback = retryOf(answer.statusCode === TOO_MANY_REQUESTS && kind !== "tomorrow" ? "busy" : kind);
  const afterMs = kind === "busy" || kind === "tomorrow" ? retryAfterMs(answer.headers["retry-after"], now) : undefined;
  return afterMs === undefined ? fallback : { afterMs };
}

/** Parses a Retry-After header, in seconds or a date (RFC 9110, 10.2.3), into milliseconds; undefined if unreadable. */
export function retryAfterMs(header: string | string[] | undefined, now: Date): number | undefined {
  const text = (Array.isArray(header) ? header[0] : header)?.trim();
  if (!text) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now.getTime();
  return Number.isNaN(ms) ? undefined : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, Math.ceil(ms)));
}

function codeOf({ body }: TwilioAnswer): number | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== "object" || parsed === null || !("code" in parsed)) return undefined;
    const number = Number(parsed.code);
    return Number.isInteger(number) && number > 0 ? number : undefined;
  } catch {
    return undefined;
  }
}
