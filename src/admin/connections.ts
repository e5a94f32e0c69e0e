/**
 * The connections of a listener.
 *
 * 1. At most `max` are open.
 * 2. One more that comes then gets in: the one is closed that has waited longest for a whole request.
 * 3. One whose request is there and not yet answered is never closed for another.
 *
 * So connections that say nothing, or say it slowly, keep out only their own kind: a platform sends its request
 * within milliseconds.
 */
import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import type { RecordDrop } from "./dropped-connections.ts";

/** Bounds them; counts each that is closed for another ("crowded"), or finds no room ("full"). */
export function limitConnections(server: Server, { max, note }: { max: number; note: RecordDrop }): void {
  /** With the request that is under way; the one that has waited longest comes first. */
  const open = new Map<Socket, IncomingMessage | null>();
  const renew = (socket: Socket, request: IncomingMessage | null): void => {
    if (open.delete(socket)) open.set(socket, request);
  };
  server.on("connection", (socket: Socket) => {
    if (open.size >= max) {
      const waiting = longestWaiting(open);
      note(waiting === null ? "full" : "crowded");
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
