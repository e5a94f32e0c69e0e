import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { buffer } from "node:stream/consumers";
import { SendError } from "../../../src/adapter/send-error.ts";
import { sendHeld } from "../../../src/lib/held-request.ts";

/** A request of which nothing has left. */
export class UnsentError extends Error {
  constructor(cause: unknown) {
    super("Nothing of the request has left", { cause });
    this.name = "UnsentError";
  }
}

interface Held {
  signal: AbortSignal;
  /** Asked once the connection stands, right before the first byte leaves; throws where nothing may leave (E1). */
  leave: () => void;
}

/**
 * Fetches like `fetch`, which would have to be asked before it connects, and reads the whole answer. Any status is an
 * answer; redirects are not followed. Connections are those of Node's global agents: kept alive, and proxied where Node is
 * told to. Throws UnsentError, what `leave` or the signal's reason is, or the connection's error.
 */
export async function heldFetch(url: string | URL | Request, init: RequestInit, held: Held): Promise<Response> {
  const { signal } = held;
  const progress = { left: false };
  try {
    signal.throwIfAborted();
    return await exchange(new Request(url, { ...init, signal: null }), held, progress);
  } catch (error) {
    const cause: unknown = signal.aborted ? signal.reason : error;
    throw progress.left || cause instanceof SendError ? cause : new UnsentError(cause);
  }
}

async function exchange(asked: Request, { signal, leave }: Held, progress: { left: boolean }): Promise<Response> {
  const body = new Uint8Array(await asked.arrayBuffer());
  const url = new URL(asked.url);
  const headers = { ...Object.fromEntries(asked.headers), "accept-encoding": "identity" };
  const request = (url.protocol === "https:" ? requestHttps : requestHttp)(url, { method: asked.method, headers });
  const abort = (): void => void request.destroy(signal.reason as Error);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  try {
    const response = await sendHeld(request, body, () => {
      leave();
      progress.left = true;
    });
    const bytes = await buffer(response);
    const { statusCode: status = 0, statusMessage: statusText = "" } = response;
    // null for an empty body: some statuses (204) allow no other.
    return new Response(bytes.length === 0 ? null : new Uint8Array(bytes), {
      status,
      statusText,
      headers: headersOf(response.headersDistinct),
    });
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function headersOf(given: NodeJS.Dict<string[]>): Headers {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(given)) for (const value of values) headers.append(name, value);
  return headers;
}
