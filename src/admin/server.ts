/** A listener: everything on one, or two of them, one for the internet and one for the people who run it. */
import { createServer as createHttpServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createLogThrottle } from "../lib/log-throttle.ts";
import { createApp } from "./app.ts";
import { bodyBudget } from "./body-budget.ts";
import { limitConnections } from "./connections.ts";
import type { ServerDeps } from "./deps.ts";
import { createDropRecorder } from "./dropped-connections.ts";
import {
  CLOSE_GRACE_MS,
  HEADERS_TIMEOUT_MS,
  IDLE_LOOK_MS,
  MAX_CONNECTIONS,
  MAX_REQUESTS_PER_CONNECTION,
  MAX_UNVERIFIED_BYTES,
  REQUEST_TIMEOUT_MS,
  TIMEOUT_LOOK_MS,
} from "./limits.ts";
import { freePortAbove, PortInUseError } from "./port.ts";
import type { ListenerScope } from "./route.ts";
import { refuseUnreadable } from "./unreadable.ts";
import { answerWebhook, webhookChannel } from "./webhook-route.ts";

const DEFAULT_HOST = "127.0.0.1";

export interface WebServer {
  /** Port 0: any free one. Throws PortInUseError where another program has it. */
  listen(port: number, host?: string): Promise<void>;
  /** "http://127.0.0.1:3000", as seen from this machine. Throws before `listen`. */
  readonly url: string;
  /** Takes no more requests, ends live streams, lets requests in flight finish within `CLOSE_GRACE_MS`. */
  close(): Promise<void>;
}

/** Slow senders. What answers slowly (a live stream) is not their business. */
const TIMEOUTS = {
  requestTimeout: REQUEST_TIMEOUT_MS,
  headersTimeout: HEADERS_TIMEOUT_MS,
  connectionsCheckingInterval: TIMEOUT_LOOK_MS,
} as const;

/** Makes a listener. Webhooks are none of the admins' business, so theirs takes none. */
export function createServer(deps: ServerDeps, serves: ListenerScope = "everything"): WebServer {
  const closing = new AbortController();
  const app = createApp(deps, { serves, closing: closing.signal });
  const other = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const budget = bodyBudget(MAX_UNVERIFIED_BYTES);
  const throttle = createLogThrottle({ clock: deps.clock });
  const server = createHttpServer(TIMEOUTS, (incoming, outgoing) => {
    const channel = serves === "admin" ? null : webhookChannel(incoming);
    void (channel === null
      ? other(incoming, outgoing)
      : answerWebhook(incoming, outgoing, { channel, deps, budget, throttle }));
  });
  const note = createDropRecorder(deps);
  limitConnections(server, { max: MAX_CONNECTIONS, note });
  refuseUnreadable(server, note);
  // Node leaves out what comes after a number of headers, so a proxy's own could be hidden behind a stranger's; their bytes
  // are limited as before (16 KB).
  server.maxHeadersCount = 0;
  server.maxRequestsPerSocket = MAX_REQUESTS_PER_CONNECTION;
  return {
    listen: (port, host = DEFAULT_HOST) => listen(server, port, host),
    get url() {
      return urlOf(server);
    },
    close() {
      closing.abort();
      return close(server);
    },
  };
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, () => {
        server.off("error", reject);
        resolve();
      });
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    throw new PortInUseError(port, await freePortAbove(port, host));
  }
}

function urlOf(server: Server): string {
  const bound = server.address() as AddressInfo | null;
  if (bound === null) throw new Error("The server does not listen yet; await listen() first.");
  const everywhere = bound.address === "::" || bound.address === "0.0.0.0";
  const host = everywhere ? "localhost" : bound.family === "IPv6" ? `[${bound.address}]` : bound.address;
  return `http://${host}:${bound.port}`;
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection that a browser keeps for later is not in flight; each becomes idle when its last answer is out.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_LOOK_MS);
  const impatience = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(impatience);
}
