/**
 * The systems of Acme, the example company, over one HTTP service: `/crm`, `/billing`, `/shop` and `/logins`. It listens on
 * this machine only, keeps everything in memory, and requires a token.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createBilling } from "./billing.ts";
import { createCrm } from "./crm.ts";
import { createLogins } from "./logins.ts";
import type { Answer, System } from "./request.ts";
import { createShop } from "./shop.ts";

/** Not a secret: it protects made-up data on this machine. */
export const DEMO_TOKEN = "acme-demo-token";
const MAX_BODY_BYTES = 16_384;
/** Answers that are remembered for their idempotency keys; far more than anybody tries out. */
const MAX_KEYS = 10_000;

export interface Acme {
  /** "http://127.0.0.1:4010"; each system is below it. */
  url: string;
  close(): Promise<void>;
}

interface Memory {
  systems: ReadonlyMap<string, System>;
  /** Answers by idempotency key, so that a repeated write happens once. */
  answers: Map<string, { request: string; answer: Answer }>;
}

/** Starts the service on 127.0.0.1; port 0 means any free one. Rejects when the port is taken. */
export async function startAcme({ port, token = DEMO_TOKEN }: { port: number; token?: string }): Promise<Acme> {
  const systems = new Map(
    Object.entries({ crm: createCrm(), billing: createBilling(), shop: createShop(), logins: createLogins() }),
  );
  const memory: Memory = { systems, answers: new Map() };
  const server = createServer((request, response) => {
    void answer(request, { memory, token }).then(
      ({ status, body }) => reply(response, status, body),
      () => reply(response, 400, { error: "unreadable" }),
    );
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function answer(request: IncomingMessage, { memory, token }: { memory: Memory; token: string }): Promise<Answer> {
  if (!isSame(request.headers.authorization ?? "", `Bearer ${token}`)) return { status: 401, body: { error: "token" } };
  const text = await bodyOf(request);
  if (text === null) return { status: 413, body: { error: "too_large" } };
  const { method = "", url: target = "" } = request;
  const url = new URL(target, "http://acme.example");
  const [name = "", ...path] = url.pathname.split("/").slice(1).map(decodeURIComponent);
  const system = memory.systems.get(name);
  if (system === undefined) return NO_SUCH;
  const key = request.headers["idempotency-key"];
  const call = { method, path, query: url.searchParams, body: text === "" ? undefined : JSON.parse(text) };
  if (method !== "POST" || typeof key !== "string") return system({ ...call, key: null }) ?? NO_SUCH;
  const content = `${target} ${text}`;
  return onceFor(memory, { key: `${name} ${key}`, content, answer: () => system({ ...call, key }) ?? NO_SUCH });
}

const NO_SUCH: Answer = { status: 404, body: { error: "no_such_path" } };

/** Answers a repeated key as before, and refuses it for another request. What changed nothing may be tried again. */
function onceFor(
  { answers }: Memory,
  { key, content, answer }: { key: string; content: string; answer: () => Answer },
): Answer {
  const before = answers.get(key);
  if (before !== undefined)
    return before.request === content ? before.answer : { status: 409, body: { error: "key_reused" } };
  const made = answer();
  if (made.status >= 300) return made;
  answers.set(key, { request: content, answer: structuredClone(made) });
  const oldest = answers.keys().next().value;
  if (answers.size > MAX_KEYS && oldest !== undefined) answers.delete(oldest);
  return made;
}

async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Compares in constant time. */
function isSame(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}
