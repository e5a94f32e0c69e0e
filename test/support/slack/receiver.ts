/** A stub of a server under test: records Slack's requests and gives scripted answers. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  /** An event's envelope, an interaction's payload, or a command's form. */
  payload: Record<string, never>;
}

type Answer = (received: Received, response: ServerResponse) => void;

export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly received: Received[];
  /** The inner events, in order. */
  events(): Record<string, unknown>[];
  /** Sets the answers to the next requests; default: an empty 200. */
  answer(how: Answer): void;
}

const nothing: Answer = (_, response) => void response.end();

/** Starts one on a free local port. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let how = nothing;
  const server = createServer((request, response) => void take(request, response));
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const one = { headers: request.headers, body, payload: payloadOf(body) };
    received.push(one);
    how(one, response);
  };
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack`,
    received,
    events: () => received.map((one) => one.payload["event"]).filter((event) => event !== undefined),
    answer: (next) => {
      how = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function payloadOf(body: string): Record<string, never> {
  if (body.startsWith("{")) return JSON.parse(body) as Record<string, never>;
  const form = new URLSearchParams(body);
  return JSON.parse(form.get("payload") ?? JSON.stringify(Object.fromEntries(form))) as Record<string, never>;
}
