/**
 * Reference: the obvious design. One insert per webhook, one job per message, a worker that locks the conversation's row
 * and handles one message per transaction, one delivery job per outbox row. It verifies, parses and sends with the same
 * adapter as the product; its decision is a constant text, which is in its favour.
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { Pool, type PoolClient } from "pg";
import { type SmsConfig, smsConfig } from "../../channels/twilio-sms/config.ts";
import type { SmsBody } from "../../channels/twilio-sms/encode.ts";
import { twilioSms } from "../../channels/twilio-sms/index.ts";
import type { Connection } from "../../src/adapter/adapter.ts";
import type { RawRequest } from "../../src/adapter/inbound.ts";
import { threadId } from "../../src/domain/ids.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { answerCalls } from "../calls.ts";
import { PUBLIC_URL } from "../platform.ts";

export interface TextbookOptions {
  databaseUrl: string;
  redisUrl: string;
  channel: Readonly<Record<string, string>>;
}

export type TextbookCalls = typeof calls;

const CONCURRENCY = 64;
/** More connections would only move the queue from here to locks in PostgreSQL. */
const CONNECTIONS = 32;
const JOB = { removeOnComplete: true, removeOnFail: true };
const REPLY = "What can we help you with?\n1 A charge or an invoice\n2 An order";

const SCHEMA = `
create table conversation (id bigint primary key generated always as identity, thread text unique not null,
  state json not null default '{}', version int not null default 0);
create table message (id bigint primary key generated always as identity, conversation bigint not null,
  external_id text unique not null, raw bytea not null, text text not null, at timestamptz not null default now(),
  handled_at timestamptz);
create table outbox (id bigint primary key generated always as identity, conversation bigint not null,
  message bigint unique not null, thread text not null, text text not null, sent_at timestamptz, remote_id text)`;

const INSERT = {
  name: "insert",
  text: `with c as (
    insert into conversation (thread) values ($1) on conflict (thread) do update set thread = excluded.thread returning id
  ) insert into message (conversation, external_id, raw, text) select id, $2, $3, $4 from c
    on conflict (external_id) do nothing returning id as message, conversation`,
};
const LOCK = { name: "lock", text: "select id, thread, state from conversation where id = $1 for update" };
const READ = { name: "read", text: "select id, text from message where id = $1 and handled_at is null" };
const HANDLED = { name: "handled", text: "update message set handled_at = now() where id = $1" };
const MOVED = { name: "moved", text: "update conversation set state = $2, version = version + 1 where id = $1" };
const REPLIED = {
  name: "replied",
  text: "insert into outbox (conversation, message, thread, text) values ($1, $2, $3, $4) returning id",
};
const UNSENT = { name: "unsent", text: "select thread, text from outbox where id = $1 and sent_at is null" };
const SENT = { name: "sent", text: "update outbox set sent_at = now(), remote_id = $2 where id = $1" };

const calls = { start };
answerCalls(calls);

async function start(o: TextbookOptions): Promise<{ url: string }> {
  const pool = new Pool({ connectionString: o.databaseUrl, max: CONNECTIONS });
  await pool.query(SCHEMA);
  const redis = () => ({ connection: new Redis(o.redisUrl, { maxRetriesPerRequest: null }), prefix: "textbook" });
  const turns = new Queue("turn", redis());
  const deliveries = new Queue("delivery", redis());
  const config = smsConfig.parse(o.channel);
  const sms = await twilioSms.connect(config, {
    log: createLogger({ level: "silent" }),
    webhookUrl: `${PUBLIC_URL}/channels/sms`,
  });
  const workers = [
    new Worker("turn", turnHandler(pool, deliveries), { ...redis(), concurrency: CONCURRENCY }),
    new Worker("delivery", deliveryHandler(pool, { config, sms }), { ...redis(), concurrency: CONCURRENCY }),
  ];
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));
  return { url: await serve(receiver(pool, { config, turns })) };
}

type Receive = (request: RawRequest) => Promise<number>;

function receiver(pool: Pool, { config, turns }: { config: SmsConfig; turns: Queue }): Receive {
  return async (request) => {
    if (!twilioSms.webhook?.verify(request, config, request.receivedAt).ok) return 403;
    for (const item of twilioSms.parse(request, config)) {
      if (item.kind !== "message") continue;
      const values = [item.thread, item.externalId, request.body, item.text];
      const { rows } = await pool.query<TurnJob>({ ...INSERT, values });
      if (rows[0] !== undefined) await turns.add("turn", rows[0], JOB);
    }
    return 200;
  };
}

interface TurnJob {
  message: string;
  conversation: string;
}

function turnHandler(pool: Pool, deliveries: Queue) {
  return async ({ data }: { data: TurnJob }): Promise<void> => {
    const client = await pool.connect();
    try {
      await client.query("begin");
      const part = await reply(client, data);
      await client.query("commit");
      if (part !== null) await deliveries.add("delivery", { part }, JOB);
    } finally {
      client.release();
    }
  };
}

async function reply(client: PoolClient, { message, conversation }: TurnJob): Promise<string | null> {
  const locked = await client.query<{ thread: string; state: object }>({ ...LOCK, values: [conversation] });
  const read = await client.query<{ text: string }>({ ...READ, values: [message] });
  const [row, text] = [locked.rows[0], read.rows[0]?.text];
  if (row === undefined || text === undefined) return null;
  await client.query({ ...HANDLED, values: [message] });
  await client.query({ ...MOVED, values: [conversation, JSON.stringify({ ...row.state, last: text })] });
  const written = await client.query<{ id: string }>({
    ...REPLIED,
    values: [conversation, message, row.thread, REPLY],
  });
  return written.rows[0]?.id ?? null;
}

function deliveryHandler(pool: Pool, { config, sms }: { config: SmsConfig; sms: Connection<SmsBody> }) {
  return async ({ data }: { data: { part: string } }): Promise<void> => {
    const { rows } = await pool.query<{ thread: string; text: string }>({ ...UNSENT, values: [data.part] });
    const [part] = rows;
    if (part === undefined) return;
    const body = twilioSms.encode({ text: part.text }, config);
    const remote = await sms.send(threadId(part.thread), body, {
      key: data.part,
      signal: AbortSignal.timeout(45_000),
      leaving: () => {},
    });
    await pool.query({ ...SENT, values: [data.part, remote] });
  };
}

/** Listens on a free port and returns its URL. */
async function serve(receive: Receive): Promise<string> {
  const server = createServer((incoming, response) => {
    const answer = (status: number) => response.writeHead(status, { "content-length": 0 }).end();
    requestOf(incoming)
      .then(receive)
      .then(answer, () => answer(500));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function requestOf(incoming: IncomingMessage): Promise<RawRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const headers = incoming.headers as Record<string, string>;
  return {
    method: "POST",
    url: `${PUBLIC_URL}${incoming.url}`,
    headers,
    contentType: headers["content-type"] ?? "",
    body: Buffer.concat(chunks),
    receivedAt: new Date(),
  };
}
