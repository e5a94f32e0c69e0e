/** An HTTP listener. One scope everything, or two split public and admin paths. */
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
  /** Listens; port 0 means any free one. Throws PortInUseError when it is taken. */
  listen(port: number, host?: string): Promise<void>;
  /** The URL on this machine, "http://127.0.0.1:3000". Throws before `listen`. */
  readonly url: string;
  /** Stops accepting requests, ends live streams, and lets requests in flight finish within `CLOSE_GRACE_MS`. */
  close(): Promise<void>;
}

/** Time-outs for slow senders. They do not limit slow answers, such as live streams. */
const TIMEOUTS = {
  requestTimeout: REQUEST_TIMEOUT_MS,
  headersTimeout: HEADERS_TIMEOUT_MS,
  connectionsCheckingInterval: TIMEOUT_LOOK_MS,
} as const;

/** Creates a listener; one with the admin scope takes no webhooks. */
export function createServer(deps: ServerDeps, scope: ListenerScope = "everything"): WebServer {
  const closing = new AbortController();
  const app = createApp(deps, { scope, closing: closing.signal });
  const other = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const budget = bodyBudget(MAX_UNVERIFIED_BYTES);
  const throttle = createLogThrottle({ clock: deps.clock });
  const server = createHttpServer(TIMEOUTS, (incoming, outgoing) => {
    const channel = scope === "admin" ? null : webhookChannel(incoming);
    void (channel === null
      ? other(incoming, outgoing)
      : answerWebhook(incoming, outgoing, { channel, deps, budget, throttle }));
  });
  const recordDrop = createDropRecorder(deps);
  limitConnections(server, { max: MAX_CONNECTIONS, recordDrop });
  refuseUnreadable(server, recordDrop);
  // Node drops headers beyond a count, so a stranger's headers could hide a proxy's; their bytes stay limited (16 KB).
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
  // Keep-alive connections are not in flight; each becomes idle after its last answer.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_LOOK_MS);
  const deadline = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(deadline);
}
