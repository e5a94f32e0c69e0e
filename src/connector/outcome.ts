/**
 * Turns an HTTP exchange into a call result. A write that may have happened is never retried without an idempotency key:
 * its result is `ambiguous`.
 */
import type { CallError, CallResult } from "../domain/call.ts";
import type { ConnectorOperation, HttpOperation } from "../domain/connector-schema.ts";
import { project } from "../domain/typed-value.ts";
import type { FetchAnswer, FetchError } from "../lib/fetch.ts";
import { keptAnswer } from "./kept.ts";

const failure = (error: CallError): CallResult => ({ ok: false, error });

/** Returns the result of an answer. */
export function answerOutcome(operation: HttpOperation, answer: FetchAnswer): CallResult {
  const { status } = answer;
  if (status >= 200 && status < 300) return readSuccess(operation, answer);
  const name = operation.errors[status];
  const named = name === undefined ? {} : { name, message: `It answered ${name} (status ${status}).` };
  if (status < 500) return failure({ ...refusal(status), ...named });
  return unknownOutcome(operation, { reason: "server_error", message: `It failed with status ${status}.`, ...named });
}

function readSuccess(operation: HttpOperation, { body, headers }: FetchAnswer): CallResult {
  if (operation.returns === null) return { ok: true, value: null };
  const parsed = parseJson(body);
  if (parsed !== undefined) return valueOutcome(operation, parsed);
  const type = /^[\w.+-]+\/[\w.+-]+/.exec(headers["content-type"] ?? "")?.[0] ?? "";
  return badAnswer(operation, `Its answer was not JSON${type === "" || /json/i.test(type) ? "" : `, but ${type}`}.`);
}

/** Returns the result of an operation that was done and gave a value: only what is declared is kept. */
export function valueOutcome(operation: ConnectorOperation, given: unknown): CallResult {
  if (operation.returns === null) return { ok: true, value: null };
  const value = project(given, operation.returns, { at: "answer", undeclared: "drop" });
  if (!value.ok) return badAnswer(operation, `Its answer was not as declared: ${value.fault}.`);
  const kept = keptAnswer(value.value);
  return kept.ok ? kept : badAnswer(operation, kept.fault);
}

function badAnswer({ kind }: ConnectorOperation, message: string): CallResult {
  const done = kind === "write" ? " The change itself was accepted." : "";
  return failure({ reason: "bad_answer", message: message + done, retryable: false });
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** Maps a refusing status: the server did nothing (RFC 9110 section 15.5, RFC 6585 section 4). */
function refusal(status: number): CallError {
  const message = `It refused with status ${status}.`;
  switch (status) {
    case 400:
    case 422:
      return { reason: "bad_input", message: `It did not accept the input (status ${status}).`, retryable: false };
    case 401:
    case 403:
      return {
        reason: "refused",
        message: `It did not accept our credentials (status ${status}). Check the connector's secret.`,
        retryable: false,
      };
    case 404:
    case 410:
      return { reason: "not_found", message: `It was not found there (status ${status}).`, retryable: false };
    case 408:
      return { reason: "timeout", message: "It timed out waiting for our request (status 408).", retryable: true };
    case 425:
    case 429:
      return { reason: "refused", message: `It asked us to slow down (status ${status}).`, retryable: true };
    default:
      return {
        reason: "refused",
        message: status >= 300 && status < 400 ? `It redirected (status ${status}), which is not followed.` : message,
        retryable: false,
      };
  }
}

/** Returns the result of an exchange without an answer. */
export function faultOutcome(operation: HttpOperation, error: FetchError): CallResult {
  const message = error.message;
  if (!error.mayHaveLeft) return failure(notSentError(error));
  switch (error.fault) {
    case "too_large":
    case "redirected":
    case "forbidden":
      if (operation.kind === "write") return ambiguous(message);
      return failure({ reason: "bad_answer", message, retryable: false });
    case "timeout":
    case "aborted":
      return unknownOutcome(operation, { reason: "timeout", message });
    case "closed":
    case "unreachable":
      return unknownOutcome(operation, { reason: "unreachable", message });
  }
}

/** Error of a request that never left, so had no effect. */
function notSentError({ fault, message }: FetchError): CallError {
  const reason = fault === "timeout" || fault === "aborted" ? "timeout" : "unreachable";
  return { reason, message, retryable: fault !== "forbidden" };
}

/** Result of a request that may have been processed: a read is retried, a write only with its key. */
export function unknownOutcome(operation: ConnectorOperation, error: Omit<CallError, "retryable">): CallResult {
  return operation.repeatable ? failure({ ...error, retryable: true }) : ambiguous(error.message);
}

function ambiguous(message: string): CallResult {
  const check = "The change may have been made; check there before repeating it.";
  return failure({ reason: "ambiguous", message: `${message} ${check}`, retryable: false });
}
