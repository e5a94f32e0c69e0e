/**
 * Socket Mode: an envelope goes to one of the open connections and needs an acknowledgement by `envelope_id`
 * (https://docs.slack.dev/apis/events-api/using-socket-mode).
 */
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { PostResult } from "./request.ts";
import type { SocketHub } from "./socket-hub.ts";
import type { World } from "./world.ts";

/** The most open connections of one app. */
const MAX_CONNECTIONS = 10;
/** Time between Slack's warning and the end of a connection. */
const WARNING_MS = 10_000;

export interface Envelope {
  type: "events_api" | "interactive" | "slash_commands";
  payload: Record<string, unknown>;
  accepts: boolean;
  attempt: number;
  reason: string | null;
}

export function openHub(): SocketHub {
  const server = new WebSocketServer({ noServer: true });
  return {
    open: new Set(),
    tickets: new Set(),
    waiting: new Map(),
    listeners: new Set(),
    server,
    turn: 0,
  };
}

/** Returns a URL for one connection (`apps.connections.open`). */
export function ticketUrl(world: World): string {
  const ticket = randomUUID();
  world.hub.tickets.add(ticket);
  return `${world.apiUrl.replace("http:", "ws:")}/link/?ticket=${ticket}&app_id=${world.ids.appId}`;
}

/** Accepts a client with a ticket; each ticket opens once. */
export function upgrade(
  world: World,
  request: IncomingMessage,
  { socket, head }: { socket: Duplex; head: Buffer },
): void {
  const url = new URL(request.url ?? "/", world.apiUrl);
  const known = world.hub.tickets.delete(url.searchParams.get("ticket") ?? "");
  if (url.pathname !== "/link/" || !known) return void socket.end("HTTP/1.1 404 Not Found\r\n\r\n");
  world.hub.server.handleUpgrade(request, socket, head, (client) => welcome(world, client));
}

function welcome(world: World, client: WebSocket): void {
  const { hub } = world;
  if (hub.open.size >= MAX_CONNECTIONS) {
    client.send(JSON.stringify({ type: "disconnect", reason: "too_many_websockets" }));
    return client.close();
  }
  hub.open.add(client);
  client.on("message", (data: Buffer) => onMessage(world, client, data.toString("utf8")));
  client.on("close", () => removeClient(world, client));
  client.on("error", () => client.terminate());
  const debug = {
    host: "applink-1",
    started: new Date().toISOString(),
    build_number: 1,
    approximate_connection_time: 18060,
  };
  const info = { connection_info: { app_id: world.ids.appId }, num_connections: hub.open.size, debug_info: debug };
  client.send(JSON.stringify({ type: "hello", ...info }));
  for (const listener of hub.listeners) listener();
}

function removeClient({ hub }: World, client: WebSocket): void {
  hub.open.delete(client);
  for (const [id, one] of hub.waiting) {
    if (one.from !== client) continue;
    hub.waiting.delete(id);
    one.done({ status: 0, body: "", headers: {}, reason: "connection_failed" });
  }
}

function onMessage(world: World, client: WebSocket, text: string): void {
  const ack = parsed(text);
  const id = typeof ack?.["envelope_id"] === "string" ? ack["envelope_id"] : "";
  const one = world.hub.waiting.get(id);
  if (!one || one.from !== client)
    return void world.violations.push(`socket: acknowledged what it was not sent: ${text}`);
  world.hub.waiting.delete(id);
  const payload = ack?.["payload"];
  const said = typeof payload === "object" && payload !== null && Object.keys(payload).length > 0;
  if (said && !one.accepts) world.violations.push("socket: answered with a payload that the envelope does not accept");
  one.done({ status: 200, body: said ? JSON.stringify(payload) : "", headers: {}, reason: null });
}

/** Sends to the next connection in turn and waits for its acknowledgement; status 0 if none came in time. */
export function sendBySocket(world: World, { accepts, attempt, reason, ...rest }: Envelope): Promise<PostResult> {
  const { hub } = world;
  const all = [...hub.open];
  const client = all[hub.turn++ % Math.max(all.length, 1)];
  if (!client) return Promise.resolve({ status: 0, body: "", headers: {}, reason: "connection_failed" });
  const id = randomUUID();
  const retry = rest.type === "events_api" ? { retry_attempt: attempt, retry_reason: reason ?? "" } : {};
  return new Promise((resolve) => {
    const clock = setTimeout(() => {
      hub.waiting.delete(id);
      resolve({ status: 0, body: "", headers: {}, reason: "http_timeout" });
    }, world.options.ackMs);
    const done = (answer: PostResult): void => {
      clearTimeout(clock);
      resolve(answer);
    };
    hub.waiting.set(id, { from: client, accepts, done });
    client.send(JSON.stringify({ envelope_id: id, ...rest, accepts_response_payload: accepts, ...retry }));
  });
}

/** Resolves when a connection is open, or when the counterpart closes. */
export function waitForConnection({ hub }: World): Promise<void> {
  if (hub.open.size > 0) return Promise.resolve();
  return new Promise((resolve) => {
    const listener = (): void => {
      hub.listeners.delete(listener);
      resolve();
    };
    hub.listeners.add(listener);
  });
}

/** Refreshes the connections, as Slack does every few hours: a warning, and their end some seconds later. */
export function refresh(world: World): void {
  for (const client of world.hub.open) {
    client.send(JSON.stringify({ type: "disconnect", reason: "warning", debug_info: { host: "applink-1" } }));
    setTimeout(() => {
      if (client.readyState !== client.OPEN) return;
      client.send(
        JSON.stringify({ type: "disconnect", reason: "refresh_requested", debug_info: { host: "applink-1" } }),
      );
      client.close();
    }, WARNING_MS * world.options.timeScale).unref();
  }
}

/** Cuts every connection and ends all waits. */
export function closeHub({ hub }: World): void {
  for (const client of hub.open) client.terminate();
  for (const listener of hub.listeners) listener();
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}
