/** A real HTTP server that gives scripted answers and records its requests. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Heard {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: string;
}

export interface Counterpart extends AsyncDisposable {
  url: string;
  heard: Heard[];
  /** The next answers, one for each request; the last one repeats. */
  answers: Answer[];
}

export type Answer = (response: ServerResponse, heard: Heard) => void;

export const json =
  (status: number, value: unknown): Answer =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  };

export async function counterpart(...answers: Answer[]): Promise<Counterpart> {
  const heard: Heard[] = [];
  const script = [...answers];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      heard.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      const answer = script.length > 1 ? script.shift() : script[0];
      answer?.(response, heard[heard.length - 1] as Heard);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/`,
    heard,
    answers: script,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
