/** Calls one operation of an HTTP connector: bounded, typed, and with ambiguous outcomes marked. */
import { setTimeout as pause } from "node:timers/promises";
import type { CallResult } from "../domain/call.ts";
import type { ConnectorManifest, ConnectorOperation } from "../domain/connector-schema.ts";
import { isPrivateHost } from "../lib/address-kind.ts";
import type { Breaker } from "../lib/breaker.ts";
import { boundedFetch, FetchError } from "../lib/fetch.ts";
import { answerOutcome, faultOutcome } from "./outcome.ts";
import { redactText, redactValue } from "./redact.ts";
import { type OperationRequest, requestFor } from "./request.ts";
import type { Secrets } from "./secret.ts";

/** Limit of the whole answer. Only its declared fields are kept, and have to fit the state (T11). */
export const MAX_ANSWER_BYTES = 262_144;
/** Random share added to each wait between attempts, so that callers do not all retry at once. */
const JITTER = 0.3;

export interface CallOptions {
  input: unknown;
  /** The idempotency key, the same for every attempt of one call, also after a restart. */
  key: string;
  secrets: Secrets;
  breaker: Breaker;
  /** A clock that nobody sets; default: the process's. */
  nowMs?: () => number;
  /** Time-out of one attempt, set by the step; overrides the manifest. */
  timeoutMs?: number | null;
  /** Asked right before the bytes of each attempt leave; where it says false they do not (E1). */
  mayLeave?: () => boolean;
  signal?: AbortSignal;
}

/** Data for the `connector_call` row. Contains no input, answer or secret. */
export interface CallRecord {
  result: CallResult;
  durationMs: number;
  /** HTTP status of the last attempt; null: there was no answer. */
  status: number | null;
  tries: number;
  /** True when a request left and nobody knows what came of it. */
  uncertain: boolean;
}

/** Calls an operation, with retries as the manifest's `retry` allows. Throws only on bugs. */
export async function callOperation(
  manifest: ConnectorManifest,
  name: string,
  options: CallOptions,
): Promise<CallRecord> {
  const begunMs = nowOf(options);
  const call = await callWithRetries(manifest, name, options);
  return { ...call, durationMs: nowOf(options) - begunMs };
}

const nowOf = ({ nowMs }: CallOptions): number => (nowMs ?? performance.now.bind(performance))();

type TriedCall = Omit<CallRecord, "durationMs">;

async function callWithRetries(manifest: ConnectorManifest, name: string, options: CallOptions): Promise<TriedCall> {
  const operation = Object.hasOwn(manifest.operations, name) ? manifest.operations[name] : undefined;
  if (operation === undefined) return notCalled(`The connector ${manifest.id} has no operation ${name}.`);
  const request = requestFor(manifest, operation, options);
  if (!request.ok) return notCalled(request.fault);
  const { times, waitMs } = operation.retry ?? { times: 0, waitMs: 0 };
  let uncertain = false;
  for (let tries = 1; ; tries++) {
    const last = await attempt(manifest.id, operation, { ...options, request: request.value });
    const { result, status } = last;
    // A success tells what came of all attempts: they carry the same key, or change nothing.
    uncertain = !result.ok && (uncertain || last.uncertain);
    const again = !result.ok && result.error.retryable && tries <= times && options.signal?.aborted !== true;
    if (!again || !(await waitBeforeRetry(waitMs, options.signal))) return { result, status, tries, uncertain };
  }
}

function notCalled(message: string): TriedCall {
  const error = { reason: "bad_input", message, retryable: false } as const;
  return { result: { ok: false, error }, status: null, tries: 0, uncertain: false };
}

/** Waits with jitter; resolves to false when the signal aborts. */
async function waitBeforeRetry(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  const jittered = ms * (1 + Math.random() * JITTER);
  return pause(jittered, true, signal === undefined ? {} : { signal }).catch(() => false);
}

interface Attempt extends CallOptions {
  request: OperationRequest;
}

type AttemptedCall = Pick<CallRecord, "result" | "status" | "uncertain">;

async function attempt(connector: string, operation: ConnectorOperation, o: Attempt): Promise<AttemptedCall> {
  if (!o.breaker.admits(connector, nowOf(o))) {
    const message = `${connector} failed to answer several times in a row, so calls are paused for a moment.`;
    const error = { reason: "unreachable", message, retryable: true } as const;
    return { result: { ok: false, error }, status: null, uncertain: false };
  }
  const { result, answered, ...facts } = await exchange(operation, o);
  if (answered !== null) o.breaker.record(connector, answered, nowOf(o));
  if (result.ok) return { result: { ok: true, value: redactValue(result.value, o.request.secrets) }, ...facts };
  const message = redactText(result.error.message, o.request.secrets);
  return { result: { ok: false, error: { ...result.error, message } }, ...facts };
}

interface ExchangeResult extends AttemptedCall {
  /** Input of the breaker; null: the outcome tells nothing about the system. */
  answered: boolean | null;
}

async function exchange(
  operation: ConnectorOperation,
  { request, signal, mayLeave, timeoutMs }: Attempt,
): Promise<ExchangeResult> {
  const { url, headers, body } = request;
  try {
    const answer = await boundedFetch(url, {
      method: operation.method,
      headers,
      ...(body === null ? {} : { body }),
      timeoutMs: timeoutMs ?? operation.timeoutMs,
      maxBytes: MAX_ANSWER_BYTES,
      // The admin writes the manifest, so a base_url on our own network is intended.
      allowPrivate: isPrivateHost(url.hostname),
      ...(mayLeave === undefined ? {} : { mayLeave }),
      ...(signal === undefined ? {} : { signal }),
    });
    const { status } = answer;
    return { result: answerOutcome(operation, answer), status, answered: status < 500, uncertain: status >= 500 };
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    const result = faultOutcome(operation, error);
    return { result, status: null, answered: didAnswer(error), uncertain: error.mayHaveLeft };
  }
}

function didAnswer({ fault }: FetchError): boolean | null {
  switch (fault) {
    case "too_large":
    case "redirected":
      return true;
    case "timeout":
    case "closed":
    case "unreachable":
      return false;
    case "aborted":
    case "forbidden":
      return null;
  }
}
