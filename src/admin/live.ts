import type { Context } from "hono";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import { LIVE_HEARTBEAT_MS, LIVE_POLL_MS, LIVE_TROUBLE_MS } from "./limits.ts";
import type { Env } from "./route.ts";

/** Source of a stream: a cheap mark that differs after a change, and the snapshot to send then. */
export interface ViewSource {
  mark(): Promise<string>;
  snapshot(): Promise<unknown>;
}

/**
 * Streams server-sent events: `view` with the snapshot at once and after every change, `trouble` with a message while the
 * database does not answer, and comments as heartbeat. Ends when the page leaves or `closing` aborts.
 */
export function streamView(
  c: Context<Env>,
  source: ViewSource,
  { closing, onEnd }: { closing: AbortSignal; onEnd: () => void },
): Response {
  c.header("cache-control", "no-store");
  // Turns off nginx's buffering: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering
  c.header("x-accel-buffering", "no");
  return streamSSE(c, async (stream) => {
    const gone = new AbortController();
    stream.onAbort(() => gone.abort());
    c.env.outgoing.once("close", () => gone.abort());
    try {
      await pushChanges(stream, source, AbortSignal.any([closing, gone.signal]));
    } finally {
      onEnd();
    }
  });
}

async function pushChanges(stream: SSEStreamingApi, source: ViewSource, signal: AbortSignal): Promise<void> {
  const last: LastSent = { mark: null, data: "", at: 0 };
  while (!signal.aborted) {
    await pause(await pushChange(stream, source, last), signal);
  }
}

interface LastSent {
  mark: string | null;
  data: string;
  at: number;
}

/** Polls once and sends a change; returns the milliseconds until the next poll. */
async function pushChange(stream: SSEStreamingApi, source: ViewSource, last: LastSent): Promise<number> {
  const idle = Date.now() - last.at > LIVE_HEARTBEAT_MS;
  try {
    // The mark is read first: a change while the snapshot is read differs from it at the next poll.
    const mark = await source.mark();
    if (mark !== last.mark || idle) {
      const data = JSON.stringify(await source.snapshot());
      if (data !== last.data) await stream.writeSSE({ event: "view", data });
      else if (idle) await stream.write(": still here\n\n");
      else return LIVE_POLL_MS;
      Object.assign(last, { mark, data, at: Date.now() });
    }
    return LIVE_POLL_MS;
  } catch {
    const data = JSON.stringify({ message: "The database does not answer. Trying again." });
    await stream.writeSSE({ event: "trouble", data });
    Object.assign(last, { mark: null, data: "", at: Date.now() });
    return LIVE_TROUBLE_MS;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
