/**
 * Bounded HTTP requests, safe for URLs from outside.
 *
 * 1. It connects only to a checked address; the check and the connection use the same DNS answer.
 * 2. A redirect is followed for GET on the same origin only, and checked again; others are left to the caller.
 * 3. One deadline covers everything from DNS look-up to the last byte; the body's size is checked as it arrives.
 * 4. An error tells if the request may have left: only then can it have had an effect. Its bytes are held back until the
 *    connection stands and `mayLeave` agrees.
 */
import { type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { addressKind } from "./address-kind.ts";
import { sendHeld } from "./held-request.ts";
import { createLookUp } from "./look-up.ts";

export interface FetchOptions {
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  timeoutMs: number;
  maxBytes: number;
  /** True when an admin named this host, so it may be on our own network. Never allows link-local or metadata addresses. */
  allowPrivate?: boolean;
  /** "manual": a redirect is returned as an answer, for callers that check its target themselves. */
  redirect?: "manual";
  /** Asked once connected, right before the first byte leaves; where it says false nothing leaves (E1). */
  mayLeave?: () => boolean;
  signal?: AbortSignal;
}

export interface FetchAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export type FetchFault =
  /** The address or the URL is not allowed. */
  | "forbidden"
  /** No connection was made: unknown name, refused, no route, bad certificate. */
  | "unreachable"
  | "timeout"
  | "aborted"
  /** Connected, then closed before the answer was complete. */
  | "closed"
  | "too_large"
  | "redirected";

/** A request without an answer; `mayHaveLeft` is true when it may have reached the server. */
export class FetchError extends Error {
  readonly fault: FetchFault;
  readonly mayHaveLeft: boolean;

  constructor(message: string, facts: { fault: FetchFault; mayHaveLeft: boolean; cause?: unknown }) {
    super(message, facts.cause === undefined ? {} : { cause: facts.cause });
    this.name = "FetchError";
    this.fault = facts.fault;
    this.mayHaveLeft = facts.mayHaveLeft;
  }
}

const MAX_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Fetches a URL within the bounds. Throws only FetchError; any status is an answer. */
export async function boundedFetch(url: URL, options: FetchOptions): Promise<FetchAnswer> {
  const deadline = AbortSignal.timeout(options.timeoutMs);
  let here = url;
  for (let redirects = 0; ; redirects++) {
    const answer = await exchange(here, options, deadline);
    const location = REDIRECTS.has(answer.status) ? answer.headers.location : undefined;
    if (location === undefined || options.redirect === "manual" || (options.method ?? "GET") !== "GET") return answer;
    here = redirectTarget(here, location, redirects);
  }
}

function redirectTarget(from: URL, location: string, redirects: number): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : null;
  if (to !== null && to.origin === from.origin && redirects < MAX_REDIRECTS) return to;
  const target = to === null ? "an invalid URL" : to.origin === from.origin ? "itself too often" : "another host";
  throw new FetchError(`The server redirected to ${target}, which is not followed.`, {
    fault: "redirected",
    mayHaveLeft: true,
  });
}

async function exchange(url: URL, options: FetchOptions, deadline: AbortSignal): Promise<FetchAnswer> {
  assertAllowed(url, options.allowPrivate === true);
  const progress = { begun: false };
  try {
    const response = await send(url, options, { deadline, progress });
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: await readBody(response, options.maxBytes),
    };
  } catch (cause) {
    throw toFetchError(cause, { options, deadline, begun: progress.begun });
  }
}

const forbidden = (message: string): FetchError => new FetchError(message, { fault: "forbidden", mayHaveLeft: false });

/** Refuses URLs that are not allowed whatever they resolve to. */
function assertAllowed(url: URL, allowPrivate: boolean): void {
  if (url.protocol !== "http:" && url.protocol !== "https:") throw forbidden("Only http and https URLs are fetched.");
  if (url.username !== "" || url.password !== "") throw forbidden("A URL with a password in it is not fetched.");
  const bare = url.hostname.replace(/^\[(.*)\]$/, "$1");
  // Node connects to a literal address without a look-up, so it is checked here.
  if (isIP(bare) !== 0 && !mayConnect(bare, allowPrivate)) throw forbidden(`The address ${bare} is not allowed.`);
}

function mayConnect(ip: string, allowPrivate: boolean): boolean {
  const kind = addressKind(ip);
  return kind === "public" || (kind === "private" && allowPrivate);
}

interface Exchange {
  deadline: AbortSignal;
  progress: { begun: boolean };
}

function send(url: URL, options: FetchOptions, { deadline, progress }: Exchange): Promise<IncomingMessage> {
  const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
  const secure = url.protocol === "https:";
  const request = (secure ? requestHttps : requestHttp)(url, {
    method: options.method ?? "GET",
    headers: { "accept-encoding": "identity", ...options.headers },
    // No keep-alive: a reused connection may have died unnoticed, which would make every write ambiguous.
    agent: false,
    lookup: checkedLookup(options.allowPrivate === true),
    signal,
  });
  return sendHeld(request, options.body, () => {
    if (options.mayLeave?.() === false) throw heldBack();
    progress.begun = true;
  });
}

const heldBack = (): FetchError =>
  new FetchError("The request was held back, since its claim had lapsed.", { fault: "aborted", mayHaveLeft: false });

const lookUp = createLookUp();

/** Resolves a host name; fails when any of its addresses is not allowed. */
function checkedLookup(allowPrivate: boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookUp(hostname, options, (error, addresses) => {
      const bad = error === null ? addresses.find(({ address }) => !mayConnect(address, allowPrivate)) : undefined;
      const refusal =
        bad === undefined ? null : forbidden(`${hostname} resolves to ${bad.address}, which is not allowed.`);
      const failure = error ?? refusal;
      if (failure !== null) return callback(failure, "");
      if (options.all === true) return callback(null, addresses);
      const [first] = addresses;
      callback(null, first?.address ?? "", first?.family);
    });
  };
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw new FetchError(`The answer is larger than ${maxBytes} bytes.`, { fault: "too_large", mayHaveLeft: true });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

interface FailureContext {
  options: FetchOptions;
  deadline: AbortSignal;
  /** True when bytes may have left. */
  begun: boolean;
}

function toFetchError(cause: unknown, { options, deadline, begun }: FailureContext): FetchError {
  if (cause instanceof FetchError) return cause;
  if (options.signal?.aborted === true) {
    return new FetchError("The request was aborted.", { fault: "aborted", mayHaveLeft: begun, cause });
  }
  if (deadline.aborted) {
    return new FetchError(`There was no answer within ${options.timeoutMs} ms.`, {
      fault: "timeout",
      mayHaveLeft: begun,
      cause,
    });
  }
  if (begun) {
    return new FetchError("The connection closed before the answer was complete.", {
      fault: "closed",
      mayHaveLeft: true,
      cause,
    });
  }
  const code = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
  return new FetchError(`The server could not be reached${code}.`, { fault: "unreachable", mayHaveLeft: false, cause });
}
