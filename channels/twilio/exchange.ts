import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Flight } from "../../src/adapter/flight.ts";
import { SendError } from "../../src/adapter/send-error.ts";
import { startDeadline } from "../../src/lib/deadline.ts";
import { sendHeld } from "../../src/lib/held-request.ts";
import type { TwilioAnswer } from "./refusal.ts";

export interface Call {
  url: URL;
  method: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** Twilio answers in well under a second; this is the longest time that a call blocks a lane. */
const TIMEOUT_MS = 10_000;
/** A message resource is about one kilobyte. */
const MAX_ANSWER_BYTES = 256 * 1024;
/** We close idle connections early: if the other side closes one first, a send on it has an unknown outcome. */
const IDLE_MS = 4_000;
const UNREACHED_RETRY_MS = 1_000;

/** Makes calls over the kept-alive connections of one account. */
export class Exchange implements AsyncDisposable {
  readonly #timeoutMs: number;
  readonly #http = new HttpAgent({ keepAlive: true, timeout: IDLE_MS });
  readonly #https = new HttpsAgent({ keepAlive: true, timeout: IDLE_MS });

  constructor({ timeoutMs = TIMEOUT_MS } = {}) {
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Makes one HTTP exchange. Throws only SendError: `not-sent` before there is a connection, `unknown` from the moment a
   * connection could have carried the request. Between the two it asks whether the part may leave.
   */
  async run(call: Call, { signal, leaving }: Flight): Promise<TwilioAnswer> {
    if (signal.aborted) throw failure(stopError("aborted"), false);
    const progress = { sent: false };
    const request =
      call.url.protocol === "https:"
        ? httpsRequest(call.url, { method: call.method, headers: call.headers, agent: this.#https })
        : httpRequest(call.url, { method: call.method, headers: call.headers, agent: this.#http });
    const stop = (code: "aborted" | "timeout"): void => void request.destroy(stopError(code));
    const abort = (): void => stop("aborted");
    const deadline = startDeadline(this.#timeoutMs, () => stop("timeout"));
    signal.addEventListener("abort", abort, { once: true });
    try {
      const response = await sendHeld(request, call.body, () => {
        leaving();
        progress.sent = true;
      });
      return { statusCode: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
    } catch (error) {
      throw failure(error, progress.sent);
    } finally {
      deadline.stop();
      signal.removeEventListener("abort", abort);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#http.destroy();
    this.#https.destroy();
  }
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

const stopError = (code: "aborted" | "timeout"): Error =>
  Object.assign(new Error(`The call was stopped: ${code}`), { code });

function failure(error: unknown, sent: boolean): SendError {
  if (error instanceof SendError) return error;
  const reason = reasonOf(error);
  if (sent) {
    const message = `The connection to Twilio failed after the request was sent (${reason}); whether it sent the message is unknown`;
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
