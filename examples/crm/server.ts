/**
 * The account system of Acme, the example company, called by the example's connector. It listens on this machine only,
 * stores notes in memory, and requires a token.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

const Accounts = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    company: z.string(),
    email: z.string(),
    phone: z.string(),
    tier: z.enum(["free", "pro", "enterprise"]),
    plan: z.string(),
    seats: z.number(),
    renews_on: z.string().nullable(),
  }),
);
type Account = z.infer<typeof Accounts>[number];

const Note = z.object({ text: z.string().min(1).max(4_000) });

/** Not a secret: it protects made-up data on this machine. */
export const DEMO_TOKEN = "acme-demo-token";
const MAX_BODY_BYTES = 16_384;

export interface Crm {
  /** "http://127.0.0.1:4010", for the connector's `base_url`. */
  url: string;
  close(): Promise<void>;
}

interface Answer {
  status: number;
  body: unknown;
}

interface Memory {
  accounts: readonly Account[];
  notes: { id: string; account: string; text: string }[];
  /** Answers by idempotency key, so that a repeated write happens once. */
  answers: Map<string, { request: string; answer: Answer }>;
}

/** Starts the service on 127.0.0.1; port 0 means any free one. Rejects when the port is taken. */
export async function startCrm({ port, token = DEMO_TOKEN }: { port: number; token?: string }): Promise<Crm> {
  const text = readFileSync(new URL("accounts.json", import.meta.url), "utf8");
  const memory: Memory = { accounts: Accounts.parse(JSON.parse(text)), notes: [], answers: new Map() };
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
  const [, root, key, rest] = (request.url ?? "").split("?")[0]?.split("/").map(decodeURIComponent) ?? [];
  const account = root === "accounts" ? find(memory.accounts, key ?? "") : undefined;
  if (account === undefined) return { status: 404, body: { error: "no_account" } };
  if (request.method === "GET" && rest === undefined) return { status: 200, body: account };
  if (request.method === "POST" && rest === "notes") return note(request, { memory, account });
  return { status: 405, body: { error: "method" } };
}

/** Finds an account by id, e-mail address or phone number. Not by name, which no channel verifies. */
function find(accounts: readonly Account[], key: string): Account | undefined {
  const wanted = key.trim().toLowerCase();
  if (wanted === "") return undefined;
  return accounts.find(({ id, email, phone }) => [id, email, phone].some((one) => one.toLowerCase() === wanted));
}

async function note(
  request: IncomingMessage,
  { memory, account }: { memory: Memory; account: Account },
): Promise<Answer> {
  const text = await bodyOf(request);
  if (text === null) return { status: 413, body: { error: "too_large" } };
  const key = request.headers["idempotency-key"];
  const content = `${account.id} ${text}`;
  const before = typeof key === "string" ? memory.answers.get(key) : undefined;
  if (before !== undefined)
    return before.request === content ? before.answer : { status: 409, body: { error: "key_reused" } };
  const read = Note.safeParse(JSON.parse(text));
  if (!read.success) return { status: 422, body: { error: "text" } };
  const id = `note-${memory.notes.length + 1}`;
  memory.notes.push({ id, account: account.id, text: read.data.text });
  const answer = { status: 201, body: { id } };
  if (typeof key === "string") memory.answers.set(key, { request: content, answer });
  return answer;
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
