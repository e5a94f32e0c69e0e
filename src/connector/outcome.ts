/**
 * What an HTTP exchange means for the workflow. The one hard question is whether a write may have happened:
 * without an idempotency key it is never repeated on a mere chance (`ambiguous`).
 */
import type { CallError, CallResult } from "../domain/call.ts";
import type { ConnectorOperation } from "../domain/connector-schema.ts";
import type { FetchAnswer, FetchError } from "../lib/fetch.ts";
import { project } from "./typed.ts";

const failed = (error: CallError): CallResult => ({ ok: false, error });

/** What an answer with a status means. */
export function answerOutcome(operation: ConnectorOperation, { status, body }: FetchAnswer): CallResult {
  if (status >= 200 && status < 300) return readSuccess(operation, body);
  const name = operation.errors[status];
  const named = name === undefined ? {} : { name, message: `It answered ${name} (status ${status}).` };
  if (status < 500) return failed({ ...refusal(status), ...named });
  return outcomeUnknown(operation, { reason: "server_error", message: `It failed with status ${status}.`, ...named });
}

function readSuccess({ kind, returns }: ConnectorOperation, body: Buffer): CallResult {
  if (returns === null) return { ok: true, value: null };
  const bad = (message: string): CallResult => {
    const done = kind === "write" ? " The change itself was accepted." : "";
    return failed({ reason: "bad_answer", message: message + done, retryable: false });
  };
  const parsed = parseJson(body);
  if (parsed === undefined) return bad("Its answer was no JSON.");
  const value = project(parsed, returns, "answer");
  return value.ok ? value : bad(`Its answer was not as declared: ${value.fault}.`);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** RFC 9110 section 15.5, 6585 section 4: the server did not do it. */
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
      return { reason: "not_found", message: `It has no such thing (status ${status}).`, retryable: false };
    case 408:
      return { reason: "timeout", message: "It waited too long for our request (status 408).", retryable: true };
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

/** What an exchange without an answer means. */
export function faultOutcome(operation: ConnectorOperation, error: FetchError): CallResult {
  const message = error.message;
  if (!error.mayHaveLeft) return failed(notSent(error));
  switch (error.fault) {
    case "too_large":
    case "redirected":
    case "forbidden":
      if (operation.kind === "write") return ambiguous(message);
      return failed({ reason: "bad_answer", message, retryable: false });
    case "timeout":
    case "aborted":
      return outcomeUnknown(operation, { reason: "timeout", message });
    case "closed":
    case "unreachable":
      return outcomeUnknown(operation, { reason: "unreachable", message });
  }
}

/** Nothing left, so nothing happened. */
function notSent({ fault, message }: FetchError): CallError {
  const reason = fault === "timeout" || fault === "aborted" ? "timeout" : "unreachable";
  return { reason, message, retryable: fault !== "forbidden" };
}

/** The request may have been carried out. A read is simply done again; a write only under its key. */
function outcomeUnknown(operation: ConnectorOperation, error: Omit<CallError, "retryable">): CallResult {
  const repeatable = operation.kind === "read" || operation.idempotencyHeader !== null;
  return repeatable ? failed({ ...error, retryable: true }) : ambiguous(error.message);
}

function ambiguous(message: string): CallResult {
  const look = "The change may have been made all the same; look there before repeating it.";
  return failed({ reason: "ambiguous", message: `${message} ${look}`, retryable: false });
}
