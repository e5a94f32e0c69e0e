import type { Context } from "hono";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import { LIVE_HEARTBEAT_MS, LIVE_POLL_MS, LIVE_TROUBLE_MS } from "./limits.ts";
import type { Env } from "./route.ts";

/** What a stream watches: a cheap mark that differs after a change, and the whole that is then sent. */
export interface ViewSource {
  mark(): Promise<string>;
  snapshot(): Promise<unknown>;
}

/**
 * Server-sent events: `view` with the whole snapshot at once and after every change, `trouble` with words while the
 * database does not answer, a comment now and then. Ends when the page leaves or `closing` aborts.
 */
export function streamView(
  c: Context<Env>,
  watched: ViewSource,
  { closing, left }: { closing: AbortSignal; left: () => void },
): Response {
  c.header("cache-control", "no-store");
  // Keeps nginx from holding events back: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering
  c.header("x-accel-buffering", "no");
  return streamSSE(c, async (stream) => {
    const gone = new AbortController();
    stream.onAbort(() => gone.abort());
    c.env.outgoing.once("close", () => gone.abort());
    try {
      await pushChanges(stream, watched, AbortSignal.any([closing, gone.signal]));
    } finally {
      left();
    }
  });
}

async function pushChanges(stream: SSEStreamingApi, watched: ViewSource, over: AbortSignal): Promise<void> {
  const told: LastSent = { mark: null, data: "", at: 0 };
  while (!over.aborted) {
    await pause(await pushChange(stream, watched, told), over);
  }
}

interface LastSent {
  mark: string | null;
  data: string;
  at: number;
}

/** One look; answers with the milliseconds to wait until the next. */
async function pushChange(stream: SSEStreamingApi, watched: ViewSource, told: LastSent): Promise<number> {
  const quiet = Date.now() - told.at > LIVE_HEARTBEAT_MS;
  try {
    // The mark is read first: what changes while the snapshot is read shows as another mark at the next look.
    const mark = await watched.mark();
    if (mark !== told.mark || quiet) {
      const data = JSON.stringify(await watched.snapshot());
      if (data !== told.data) await stream.writeSSE({ event: "view", data });
      else if (quiet) await stream.write(": still here\n\n");
      else return LIVE_POLL_MS;
      Object.assign(told, { mark, data, at: Date.now() });
    }
    return LIVE_POLL_MS;
  } catch {
    const data = JSON.stringify({ message: "The database does not answer. Trying again." });
    await stream.writeSSE({ event: "trouble", data });
    Object.assign(told, { mark: null, data: "", at: Date.now() });
    return LIVE_TROUBLE_MS;
  }
}

function pause(ms: number, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (over.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      over.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    over.addEventListener("abort", end);
  });
}
