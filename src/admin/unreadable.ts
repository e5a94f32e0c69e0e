/** Answers invalid and late requests with an error before closing the connection. */
import { type Server, type ServerResponse, STATUS_CODES } from "node:http";
import type { DropKind } from "../lib/meter.ts";
import type { RecordDrop } from "./dropped-connections.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";

interface Refusal {
  why: DropKind;
  status: number;
  message: string;
}

const SLOW: Refusal = { why: "slow", status: 408, message: "The request did not arrive in time. Send it again." };
const HEADERS: Refusal = { why: "headers", status: 431, message: "The request's headers are larger than 16 kB." };
const MALFORMED: Refusal = { why: "malformed", status: 400, message: "This is not an HTTP/1.1 request." };

/** Answers each failed request once, unless an answer has begun. */
export function refuseUnreadable(server: Server, recordDrop: RecordDrop): void {
  const last = new WeakMap<object, ServerResponse>();
  server.on("request", (incoming, outgoing) => last.set(incoming.socket, outgoing));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const refusal = refusalFor(error.code ?? "");
    if (refusal === null) return void socket.destroy();
    recordDrop(refusal.why);
    if (!socket.writable || hasAnswerBegun(last.get(socket))) return void socket.destroy();
    socket.end(formatRefusal(refusal), () => socket.destroy());
  });
}

/** Null: the sender left, or the connection broke. */
function refusalFor(code: string): Refusal | null {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return SLOW;
  if (code === "HPE_HEADER_OVERFLOW") return HEADERS;
  return code.startsWith("HPE_") && code !== "HPE_INVALID_EOF_STATE" ? MALFORMED : null;
}

/** True when an answer is being sent, or was sent before the whole request: a second one would answer another request. */
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
