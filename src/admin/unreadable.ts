/** Refuses in words what is not HTTP or does not come in time, before its connection is closed. */
import { type Server, type ServerResponse, STATUS_CODES } from "node:http";
import type { DropKind } from "../lib/meter.ts";
import type { RecordDrop } from "./dropped-connections.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";

interface Refusal {
  why: DropKind;
  status: number;
  message: string;
}

const SLOW: Refusal = { why: "slow", status: 408, message: "The request did not come whole in time. Send it again." };
const HEADERS: Refusal = { why: "headers", status: 431, message: "The request's headers are larger than 16 kB." };
const MALFORMED: Refusal = { why: "malformed", status: 400, message: "This is not a request of HTTP/1.1." };

/** Answers each once, unless an answer is out already. */
export function refuseUnreadable(server: Server, note: RecordDrop): void {
  const last = new WeakMap<object, ServerResponse>();
  server.on("request", (incoming, outgoing) => last.set(incoming.socket, outgoing));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const refusal = refusalFor(error.code ?? "");
    if (refusal === null) return void socket.destroy();
    note(refusal.why);
    if (!socket.writable || hasAnswerBegun(last.get(socket))) return void socket.destroy();
    socket.end(formatRefusal(refusal), () => socket.destroy());
  });
}

/** Null: the sender went away, or the connection broke. */
function refusalFor(code: string): Refusal | null {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return SLOW;
  if (code === "HPE_HEADER_OVERFLOW") return HEADERS;
  return code.startsWith("HPE_") && code !== "HPE_INVALID_EOF_STATE" ? MALFORMED : null;
}

/** An answer that is on its way, or that did not wait for the rest of its request: a second one would be taken for another's. */
function hasAnswerBegun(answer: ServerResponse | undefined): boolean {
  return answer?.headersSent === true && !(answer.writableFinished && answer.req.complete);
}

function formatRefusal({ status, message }: Refusal): string {
  const headers = {
    ...SECURITY_HEADERS,
    connection: "close",
    "content-type": "text/plain; charset=utf-8",
    "content-length": message.length + 1,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, "", `${message}\n`].join("\r\n");
}
