/** A scripted server of language models, for what `aimock` can't answer: refusals, cached tokens, silence, nonsense. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** `cut`: closes the socket after the request; `silent`: never answers. `when`: answers no sooner than it resolves. */
export type ModelScript =
  | { status?: number; headers?: Readonly<Record<string, string>>; body: unknown; when?: Promise<unknown> }
  | "cut"
  | "silent";

export interface ModelCounterpart extends AsyncDisposable {
  /** "http://127.0.0.1:port" */
  readonly url: string;
  /** Sets the answers to the next requests; the last one stays. */
  answer(...scripts: readonly ModelScript[]): void;
  /** Resolves when a request has come since `answer`. */
  requested(): Promise<void>;
  /** Those since `answer`. */
  readonly requests: readonly { path: string; headers: IncomingMessage["headers"]; body: unknown }[];
}

/** The body of a completion whose message has these fields. */
export const completion = (message: object, more: object = {}): { body: unknown } => ({
  body: {
    id: "chatcmpl-1",
    object: "chat.completion",
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: null, ...message } }],
    usage: { prompt_tokens: 1_000, completion_tokens: 20, total_tokens: 1_020 },
    ...more,
  },
});

export async function startModelCounterpart(): Promise<ModelCounterpart> {
  let scripts: ModelScript[] = [];
  let requests: { path: string; headers: IncomingMessage["headers"]; body: unknown }[] = [];
  let waiting: (() => void)[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    requests.push({ path: request.url ?? "", headers: request.headers, body: text === "" ? null : JSON.parse(text) });
    for (const resolve of waiting.splice(0)) resolve();
    const script = (scripts.length > 1 ? scripts.shift() : scripts[0]) ?? "silent";
    if (typeof script === "object") await script.when;
    play(script, request, response);
  };
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer(...next) {
      scripts = [...next];
      requests = [];
      waiting = [];
    },
    requested: () => (requests.length > 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    get requests() {
      return requests;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function play(script: ModelScript, request: IncomingMessage, response: ServerResponse): void {
  if (script === "silent") return;
  if (script === "cut") return void request.socket.destroy();
  const { status = 200, headers, body } = script;
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}
