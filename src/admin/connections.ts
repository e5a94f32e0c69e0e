/**
 * Bounds the connections of a listener.
 *
 * 1. At most `max` are open.
 * 2. One more is accepted by closing the one that has waited longest without a complete request.
 * 3. A connection with a complete, unanswered request is never closed for another.
 *
 * So idle and slow connections displace only each other: a platform sends its request within milliseconds.
 */
import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import type { RecordDrop } from "./dropped-connections.ts";

/** Bounds a server's connections; records each one closed for another ("crowded") or refused ("full"). */
export function limitConnections(server: Server, { max, recordDrop }: { max: number; recordDrop: RecordDrop }): void {
  /** Open connections with their current request, longest waiting first. */
  const open = new Map<Socket, IncomingMessage | null>();
  const renew = (socket: Socket, request: IncomingMessage | null): void => {
    if (open.delete(socket)) open.set(socket, request);
  };
  server.on("connection", (socket: Socket) => {
    if (open.size >= max) {
      const waiting = longestWaiting(open);
      recordDrop(waiting === null ? "full" : "crowded");
      if (waiting === null) return void socket.destroy();
      open.delete(waiting);
      waiting.destroy();
    }
    open.set(socket, null);
    socket.once("close", () => open.delete(socket));
  });
  server.on("request", (incoming, outgoing) => {
    const { socket } = incoming;
    renew(socket, incoming);
    outgoing.once("close", () => {
      if (open.get(socket) === incoming) renew(socket, null);
    });
  });
}

function longestWaiting(open: ReadonlyMap<Socket, IncomingMessage | null>): Socket | null {
  for (const [socket, request] of open) if (request?.complete !== true) return socket;
  return null;
}
