import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { SendError } from "../../src/adapter/send-error.ts";
import type { Answer } from "./refusal.ts";

export interface Call {
  url: URL;
  method: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** Twilio answers in well under a second; a lane is not held longer than this for it. */
const TIMEOUT_MS = 10_000;
/** A message resource is about one kilobyte. */
const MAX_ANSWER_BYTES = 256 * 1024;
/** Idle connections are closed by us, early: one that the other side closes first turns a send into an unknown. */
const IDLE_MS = 4_000;
const UNREACHED_RETRY_MS = 1_000;

/** The kept-alive connections of one account, and the calls over them. */
export class Exchange implements AsyncDisposable {
  readonly #timeoutMs: number;
  readonly #http = new HttpAgent({ keepAlive: true, timeout: IDLE_MS });
  readonly #https = new HttpsAgent({ keepAlive: true, timeout: IDLE_MS });

  constructor({ timeoutMs = TIMEOUT_MS } = {}) {
    this.#timeoutMs = timeoutMs;
  }

  /**
   * One HTTP exchange. Throws only SendError: `not-sent` while the request can't have left (no connection yet),
   * `unknown` from the moment a connection could have carried it.
   */
  async run(call: Call, signal: AbortSignal): Promise<Answer> {
    if (signal.aborted) throw failure(stopped("aborted"), false);
    const progress = { left: false };
    const request =
      call.url.protocol === "https:"
        ? httpsRequest(call.url, { method: call.method, headers: call.headers, agent: this.#https })
        : httpRequest(call.url, { method: call.method, headers: call.headers, agent: this.#http });
    const stop = (code: "aborted" | "timeout"): void => void request.destroy(stopped(code));
    const abort = (): void => stop("aborted");
    const timer = setTimeout(stop, this.#timeoutMs, "timeout");
    signal.addEventListener("abort", abort, { once: true });
    try {
      watch(request, progress);
      const response = await answered(request, call.body);
      return { statusCode: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
    } catch (error) {
      throw failure(error, progress.left);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#http.destroy();
    this.#https.destroy();
  }
}

/** Node writes a request as soon as its connection stands, and not before; a reused connection stands already. */
function watch(request: ClientRequest, progress: { left: boolean }): void {
  const leave = (): void => {
    progress.left = true;
  };
  request.once("socket", (socket) => {
    if (!socket.connecting) return leave();
    socket.once(request.protocol === "https:" ? "secureConnect" : "connect", leave);
  });
}

function answered(request: ClientRequest, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on("error", reject);
    request.on("response", resolve);
    request.end(body);
  });
}

async function text(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`The answer is longer than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

const stopped = (code: "aborted" | "timeout"): Error =>
  Object.assign(new Error(`The call was stopped: ${code}`), { code });

function failure(error: unknown, left: boolean): SendError {
  const reason = reasonOf(error);
  if (left) {
    const message = `The connection to Twilio failed after the request left (${reason}); whether it sent the message is unknown`;
    return new SendError(message, { outcome: "unknown", retry: "never", code: reason, cause: error });
  }
  return new SendError(`Twilio could not be reached (${reason}); nothing was sent`, {
    outcome: "not-sent",
    retry: { afterMs: UNREACHED_RETRY_MS },
    code: reason,
    cause: error,
  });
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return error instanceof Error ? error.message : String(error);
}
