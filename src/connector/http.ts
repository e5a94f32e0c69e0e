/** Makes one attempt of a call over HTTP: bounded, typed, and with ambiguous outcomes marked. */
import type { CallError } from "../domain/call.ts";
import type { HttpOperation } from "../domain/connector-schema.ts";
import { isPrivateHost } from "../lib/address-kind.ts";
import { beforeAbort } from "../lib/before-abort.ts";
import { boundedFetch, FetchError } from "../lib/fetch.ts";
import { fail, ok, type Result } from "../lib/result.ts";
import type { AttemptOptions, AttemptOutcome } from "./attempt.ts";
import { signatureOf } from "./credentials.ts";
import { answerOutcome, faultOutcome } from "./outcome.ts";
import { redactOutcome } from "./redact-outcome.ts";
import type { OperationRequest } from "./request.ts";

/** Limit of the whole answer. Only its declared fields are kept, and have to fit the state (T11). */
export const MAX_ANSWER_BYTES = 262_144;

interface Attempted {
  request: OperationRequest;
  options: AttemptOptions;
}

/** Sends a request once; with a token that is refused, once more with a new one. Throws only on bugs. */
export async function attemptHttp(operation: HttpOperation, attempted: Attempted): Promise<AttemptOutcome> {
  const first = await authorized(operation, attempted);
  const { credentials } = attempted.request;
  // A request that is refused with 401 was not handled (RFC 9110, section 15.5.2).
  if (credentials.kind !== "client" || first.status !== 401 || first.token === null) return first.outcome;
  attempted.options.tokens.forget(credentials, first.token);
  return (await authorized(operation, attempted)).outcome;
}

interface Authorized {
  outcome: AttemptOutcome;
  status: number | null;
  token: string | null;
}

async function authorized(operation: HttpOperation, attempted: Attempted): Promise<Authorized> {
  const proof = await proofOf(attempted, operation);
  if (!proof.ok) return { outcome: unauthorized(proof.fault), status: null, token: null };
  const { headers, token } = proof.value;
  const outcome = await exchange(operation, { ...attempted, headers });
  const secrets = [...attempted.request.secrets, ...(token === null ? [] : [token])];
  return { outcome: redactOutcome(outcome, secrets), status: outcome.status, token };
}

/** Nothing left, and only a token endpoint that does not answer counts as one. */
function unauthorized(error: CallError): AttemptOutcome {
  return { result: { ok: false, error }, status: null, uncertain: false, answered: error.retryable ? false : null };
}

interface Proof {
  headers: Readonly<Record<string, string>>;
  token: string | null;
}

/** The headers that prove who makes the request. A signature is made anew for each attempt. */
async function proofOf({ request, options }: Attempted, { method }: HttpOperation): Promise<Result<Proof, CallError>> {
  const { credentials, url, body } = request;
  switch (credentials.kind) {
    case "headers":
      return ok({ headers: credentials.headers, token: null });
    case "client": {
      const asked = options.tokens.get(credentials, options.nowMs());
      const token = options.signal === undefined ? await asked : await beforeAbort(asked, options.signal);
      if (token === null) return fail(CALLED_OFF);
      if (!token.ok) return token;
      return ok({ headers: { authorization: `Bearer ${token.value}` }, token: token.value });
    }
    case "signature": {
      const timestamp = Math.floor(Date.now() / 1_000);
      const signature = signatureOf({ method, url, body, timestamp }, credentials.secret);
      const { header, timestampHeader } = credentials;
      return ok({ headers: { [header]: signature, [timestampHeader]: String(timestamp) }, token: null });
    }
  }
}

const CALLED_OFF: CallError = { reason: "timeout", message: "The request was aborted.", retryable: true };

async function exchange(
  operation: HttpOperation,
  { request, options, headers }: Attempted & { headers: Readonly<Record<string, string>> },
): Promise<AttemptOutcome> {
  const { url, body } = request;
  const { timeoutMs, mayLeave, signal } = options;
  try {
    const answer = await boundedFetch(url, {
      method: operation.method,
      headers: { ...request.headers, ...headers },
      ...(body === null ? {} : { body }),
      timeoutMs: timeoutMs ?? operation.timeoutMs,
      maxBytes: MAX_ANSWER_BYTES,
      // The admin writes the manifest, so an address on our own network is intended.
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
