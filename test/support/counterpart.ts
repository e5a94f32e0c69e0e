/** A scripted HTTP counterpart of a platform, to observe an adapter's sends. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface ScriptedAnswer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

/** `cut`: closes the socket after the request; `silent`: never answers. */
export type Script = ScriptedAnswer | "cut" | "silent";

export interface Counterpart extends AsyncDisposable {
  /** "http://127.0.0.1:port" */
  readonly url: string;
  /** Sets the answers to the next requests; the last one stays. */
  answer(script: Script): void;
  /** Resolves when the next request has been received completely. */
  requested(): Promise<void>;
  readonly requests: number;
}

/** Starts one on a free port. Its own sockets keep no process alive, so that only the adapter's handles count. */
export async function startCounterpart(): Promise<Counterpart> {
  let script: Script = { status: 500 };
  let requests = 0;
  let waiting: (() => void)[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    await readRequest(request);
    requests++;
    for (const resolve of waiting) resolve();
    waiting = [];
    play(script, request, response);
  };
  const server = createServer((request, response) => void handle(request, response));
  server.on("connection", (socket) => socket.unref());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: (next) => {
      script = next;
    },
    requested: () => new Promise((resolve) => waiting.push(resolve)),
    get requests() {
      return requests;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readRequest(request: IncomingMessage): Promise<void> {
  request.resume();
  await new Promise((resolve) => request.once("close", resolve).once("end", resolve));
}

function play(script: Script, request: IncomingMessage, response: ServerResponse): void {
  if (script === "silent") return;
  if (script === "cut") {
    request.socket.destroy();
    return;
  }
  response.writeHead(script.status, { "content-type": "application/json", ...script.headers });
  response.end(script.body ?? "{}");
}
