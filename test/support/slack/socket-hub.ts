import type { WebSocket, WebSocketServer } from "ws";
import type { PostResult } from "./request.ts";

/** Connections of Socket Mode, and the envelopes that wait for an acknowledgement. */
export interface SocketHub {
  readonly open: Set<WebSocket>;
  readonly tickets: Set<string>;
  readonly waiting: Map<string, { from: WebSocket; accepts: boolean; done: (heard: PostResult) => void }>;
  readonly listeners: Set<() => void>;
  readonly server: WebSocketServer;
  turn: number;
}
