/**
 * Tokens of the client credentials grant (RFC 6749, section 4.4), kept by a process until shortly before they expire.
 *
 * 1. However many calls need a token, one request is made for it.
 * 2. A token stands for all that it was got with: other credentials get another one.
 * 3. Nothing is changed by getting one, so a failure is never uncertain.
 */
import { z } from "zod";
import type { CallError } from "../domain/call.ts";
import { isPrivateHost } from "../lib/address-kind.ts";
import { sha256 } from "../lib/digest.ts";
import { boundedFetch, type FetchAnswer, FetchError } from "../lib/fetch.ts";
import { fail, ok, type Result } from "../lib/result.ts";
import { basicHeader, type TokenClient } from "./credentials.ts";

type Token = Result<string, CallError>;

export interface Tokens {
  /** The client's token, a new one where none is valid. Never throws. */
  get(client: TokenClient, nowMs: number): Promise<Token>;
  /** Drops a token that the system refused. */
  forget(client: TokenClient, token: string): void;
}

interface Kept {
  token: Promise<Token>;
  /** The token, once it has come. */
  value: string | null;
  untilMs: number;
}

/** Our choice, as for a call. */
const TOKEN_TIMEOUT_MS = 10_000;
/** Tokens are a few kilobytes at most. */
const MAX_TOKEN_BYTES = 65_536;
/** Our choice, where the endpoint names no lifetime (RFC 6749, section 5.1). */
const DEFAULT_LIFE_MS = 300_000;
/** A token is replaced this long before it expires, or after half of a short life. */
const EARLY_MS = 60_000;
/** Our choice: far more connectors than an installation has. */
const MAX_CLIENTS = 500;

/** RFC 6749, section 5.1. The token goes into a header, so it is printable. */
const TokenAnswer = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]{1,8192}$/),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.coerce.number().positive().optional(),
});

export function createTokens(): Tokens {
  const kept = new Map<string, Kept>();

  const renew = (key: string, client: TokenClient, nowMs: number): Promise<Token> => {
    const entry: Kept = { token: got(client), value: null, untilMs: Number.POSITIVE_INFINITY };
    kept.delete(key);
    kept.set(key, entry);
    const oldest = kept.keys().next().value;
    if (kept.size > MAX_CLIENTS && oldest !== undefined) kept.delete(oldest);

    async function got(of: TokenClient): Promise<Token> {
      const answer = await request(of);
      if (!answer.ok) {
        if (kept.get(key) === entry) kept.delete(key);
        return answer;
      }
      const { token, lifeMs } = answer.value;
      entry.value = token;
      entry.untilMs = nowMs + lifeMs - Math.min(EARLY_MS, lifeMs / 2);
      return ok(token);
    }
    return entry.token;
  };

  return {
    get(client, nowMs) {
      const key = keyOf(client);
      const known = kept.get(key);
      return known !== undefined && nowMs < known.untilMs ? known.token : renew(key, client, nowMs);
    },
    forget(client, token) {
      const key = keyOf(client);
      if (kept.get(key)?.value === token) kept.delete(key);
    },
  };
}

/** A digest, so that no secret is a key. */
const keyOf = ({ tokenUrl, id, secret, scope, sendIn }: TokenClient): string =>
  sha256(JSON.stringify([tokenUrl.href, id, secret, scope, sendIn]));

async function request(client: TokenClient): Promise<Result<{ token: string; lifeMs: number }, CallError>> {
  const { tokenUrl, id, secret, scope, sendIn } = client;
  const form = new URLSearchParams({ grant_type: "client_credentials", ...(scope === "" ? {} : { scope }) });
  if (sendIn === "body") {
    form.set("client_id", id);
    form.set("client_secret", secret);
  }
  const headers = {
    accept: "application/json",
    "content-type": "application/x-www-form-urlencoded",
    "user-agent": "frontdesk",
    // RFC 6749, section 2.3.1: both are form-encoded first.
    ...(sendIn === "header" ? { authorization: basicHeader(formEncoded(id), formEncoded(secret)) } : {}),
  };
  try {
    const limits = { timeoutMs: TOKEN_TIMEOUT_MS, maxBytes: MAX_TOKEN_BYTES };
    const allowPrivate = isPrivateHost(tokenUrl.hostname);
    return read(
      await boundedFetch(tokenUrl, { method: "POST", headers, body: form.toString(), ...limits, allowPrivate }),
    );
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    const reason = error.fault === "timeout" ? "timeout" : "unreachable";
    const message = `No token was got: ${error.message}`;
    return fail({ reason, message, retryable: error.fault !== "forbidden" && error.fault !== "redirected" });
  }
}

const formEncoded = (text: string): string => new URLSearchParams({ text }).toString().slice("text=".length);

const NOT_READ: CallError = {
  reason: "bad_answer",
  message: "No token was got: the token endpoint's answer is none (RFC 6749, section 5.1).",
  retryable: false,
};

function read({ status, body }: FetchAnswer): Result<{ token: string; lifeMs: number }, CallError> {
  if (status === 429 || status >= 500)
    return fail({ reason: "server_error", message: `No token was got: status ${status}.`, retryable: true });
  if (status !== 200) {
    const message = `No token was got: the token endpoint refused with status ${status}. Check client_id, client_secret and scope.`;
    return fail({ reason: "refused", message, retryable: false });
  }
  const answer = TokenAnswer.safeParse(jsonOf(body));
  if (!answer.success) return fail(NOT_READ);
  const { access_token: token, expires_in: seconds } = answer.data;
  return ok({ token, lifeMs: seconds === undefined ? DEFAULT_LIFE_MS : seconds * 1_000 });
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
