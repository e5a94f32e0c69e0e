import type { WebSocket, WebSocketServer } from "ws";
import type { Heard } from "./request.ts";

/** Connections of Socket Mode, and what waits on them. */
export interface SocketHub {
  readonly open: Set<WebSocket>;
  readonly tickets: Set<string>;
  readonly waiting: Map<string, { from: WebSocket; accepts: boolean; done: (heard: Heard) => void }>;
  readonly listeners: Set<() => void>;
  readonly server: WebSocketServer;
  turn: number;
}
