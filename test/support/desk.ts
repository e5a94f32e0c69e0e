/** The whole product on a private database, with customers, operators and a counterpart of Twilio. */
import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Writable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { adapters, desks, signPlayground } from "../../channels/index.ts";
import type { DeskCommand } from "../../src/adapter/desk-command.ts";
import { type Role, readConfig } from "../../src/config.ts";
import { createLogger, type Logger } from "../../src/lib/logger.ts";
import { type RunningFrontdesk, startFrontdesk } from "../../src/start.ts";
import { type Db, openDb } from "../../src/store/db.ts";
import { replayAll } from "./replays.ts";
import { freshDatabase, redisPrefix, redisUrl } from "./services.ts";
import { startTwilioCounterpart, type TwilioCounterpart } from "./twilio-counterpart.ts";

const SECRET = "a playground secret for tests";
export const OUR_NUMBER = "+15550100";

/** frontdesk.yaml with a playground (chat, also the desk) and an SMS number at the counterpart. */
export const settingsWith = (twilio: { url: string; accountSid: string }): string => `
channels:
  chat: { adapter: playground, secret: "env:PLAYGROUND_SECRET" }
  sms:
    adapter: twilio-sms
    account_sid: ${twilio.accountSid}
    auth_token: "env:TWILIO_AUTH_TOKEN"
    from: "${OUR_NUMBER}"
    api_url: ${twilio.url}
desk: { adapter: playground, channel: chat }
default_queue: front-line
queues: { front-line: , billing: }
`;

/** Workflow that answers every message with its own text. */
export const ECHO = `
id: echo
title: Echo
status: live
on: [conversation.opened, conversation.reopened, message.received]
steps: [{ say: "You said {{ message.text }}" }]
`;

/** Workflow that hands the first message over to people. */
export const TO_PEOPLE = `
id: to-people
title: To people
status: live
on: [conversation.opened, message.received]
steps: [{ handoff: front-line }]
`;

export interface DeskOptions {
  /** Files of the content folder by path; frontdesk.yaml has a default. */
  files: Readonly<Record<string, string>>;
  /** null: the test starts the processes. */
  role?: Role | null;
  /** Environment variables in addition to the channels'. */
  env?: Readonly<Record<string, string>>;
  databaseUrl?: string;
  redis?: string;
  /** Services shared with separate processes, which use the product's prefix. */
  prefix?: string;
  /** False where the test changes stored rows by hand, so that their journal does not tell how they came about. */
  replays?: boolean;
}

export interface TestDesk extends AsyncDisposable {
  readonly db: Db;
  readonly twilio: TwilioCounterpart;
  /** The content folder. */
  readonly home: string;
  /** URL of the first process with a web server. */
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  /** Log entries at warn and above, as objects. */
  readonly logged: Readonly<Record<string, unknown>>[];
  /** Starts another instance of the product, in this process. */
  start(o?: { role?: Role }): Promise<RunningFrontdesk>;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  customer(name: string, o?: CustomerOptions): Customer;
  /** `url`: of the process to which they send their commands; default: the first. */
  operator(id: string, o?: { url?: string }): Operator;
  rows<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Polls until the query's first row has `ok` true; throws, with the last row, if it takes too long. */
  until(text: string, o?: { values?: readonly unknown[]; withinMs?: number }): Promise<void>;
}

export interface CustomerOptions {
  url?: string;
  thread?: string;
  /** The playground channel on which they write. */
  channel?: string;
}

export interface Customer {
  /** Writes over the playground; returns the stored item. */
  message(text: string, o?: { id?: string }): Promise<Posted>;
  conversation(): Promise<number>;
  /** Returns the texts that reached this customer, in order. */
  heard(): Promise<string[]>;
}

export interface Posted {
  status: number;
  stored: { outcome: string; conversation?: number }[];
}

export interface Operator {
  does(conversation: number, command: DeskCommand): Promise<Posted>;
}

const POLL_MS = 15;

/** Starts the product in the given role (default: all). */
export async function startDesk({
  files,
  role = "all",
  env = {},
  databaseUrl,
  redis,
  prefix = redisPrefix(),
  replays = true,
}: DeskOptions): Promise<TestDesk> {
  const closers: (() => Promise<unknown>)[] = [];
  const twilio = await startTwilioCounterpart();
  closers.push(() => twilio.close());
  const url = databaseUrl ?? (await ownDatabase(closers));
  const home = await mkdtemp(join(tmpdir(), "frontdesk-home-"));
  closers.push(() => rm(home, { recursive: true, force: true }));
  const write = (some: Readonly<Record<string, string>>) => writeFiles(home, some);
  await write({ "frontdesk.yaml": settingsWith(twilio), ...files });
  const logged: Record<string, unknown>[] = [];
  const log = logInto(logged);
  const db = openDb({ url, log, max: 4 });
  closers.push(() => db.close());
  if (replays) closers.push(() => replayAll(db, all));
  const redisAt = redis ?? (await redisUrl());
  const all = {
    DATABASE_URL: url,
    ...(redisAt === null ? {} : { REDIS_URL: redisAt }),
    FRONTDESK_HOME: home,
    PORT: "0",
    PLAYGROUND_SECRET: SECRET,
    TWILIO_AUTH_TOKEN: twilio.authToken,
    ...env,
  };
  let first: string | null = null;
  const desk: TestDesk = {
    db,
    twilio,
    home,
    env: all,
    logged,
    get url() {
      if (first === null) throw new Error("No process with a web server was started");
      return first;
    },
    async start({ role: as = "all" } = {}) {
      const config = readConfig(all, { role: as });
      if (!config.ok) throw new Error(JSON.stringify(config.fault));
      const options = { config: config.value, adapters, desks, signPlayground, log, env: all, redisPrefix: prefix };
      const running = await startFrontdesk(options);
      closers.push(() => running.close());
      first ??= running.url;
      if (running.url !== null) twilio.webhookUrl ??= `${running.url}/channels/sms`;
      return running;
    },
    write,
    customer: (name, o = {}) => customerOf(desk, name, o),
    operator: (id, { url: at } = {}) => ({
      does: (conversation, command) =>
        post(at ?? desk.url, {
          type: "action",
          id: randomUUID(),
          thread: `desk-${id}`,
          operator: id,
          name: id,
          conversation,
          command,
        }),
    }),
    rows: async (text, values = []) => (await db.pool.query(text, [...values])).rows,
    until: (text, o = {}) => until(db, text, o),
    async [Symbol.asyncDispose]() {
      for (const close of closers.splice(0).reverse()) await close();
    },
  };
  try {
    if (role !== null) await desk.start({ role });
    return desk;
  } catch (error) {
    await desk[Symbol.asyncDispose]();
    throw error;
  }
}

async function ownDatabase(closers: (() => Promise<unknown>)[]): Promise<string> {
  const database = await freshDatabase();
  closers.push(() => database.drop());
  return database.url;
}

async function writeFiles(home: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), text);
  }
}

function logInto(logged: Record<string, unknown>[]): Logger {
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  return createLogger({ level: "warn", stream });
}

function customerOf(
  desk: TestDesk,
  name: string,
  { url, thread = `thread-${name}`, channel = "chat" }: CustomerOptions,
): Customer {
  return {
    message: (text, { id = randomUUID() } = {}) =>
      post(url ?? desk.url, { type: "message", id, thread, from: name, name, text }, channel),
    async conversation() {
      const [row] = await desk.rows<{ id: number }>(
        "select id from conversation where channel = $2 and thread = $1 order by id desc limit 1",
        [thread, channel],
      );
      if (row === undefined) throw new Error(`${name} has no conversation`);
      return row.id;
    },
    async heard() {
      const rows = await desk.rows<{ text: string }>(
        `select content->>'text' as text from outbox where channel = $2 and thread = $1 and outcome = 'sent' order by id`,
        [thread, channel],
      );
      return rows.map(({ text }) => text);
    },
  };
}

/** Posts to the playground's channel like its page. */
async function post(url: string, body: object, channel = "chat"): Promise<Posted> {
  const text = JSON.stringify(body);
  const headers = { "content-type": "application/json", ...signPlayground(text, SECRET, new Date()) };
  const response = await fetch(`${url}/channels/${channel}`, { method: "POST", headers, body: text });
  const said = await response.text();
  return { status: response.status, stored: response.ok ? (JSON.parse(said) as Posted).stored : [] };
}

async function until(
  db: Db,
  text: string,
  { values = [], withinMs = 10_000 }: { values?: readonly unknown[]; withinMs?: number },
) {
  const deadline = performance.now() + withinMs;
  for (;;) {
    // Retries while the database is down.
    const seen = await db.pool.query<Record<string, unknown>>(text, [...values]).then(
      ({ rows }) => rows[0],
      (error: unknown): Record<string, unknown> => ({ error: String(error) }),
    );
    if (seen?.["ok"] === true) return;
    if (performance.now() > deadline) throw new Error(`Not so within ${withinMs} ms: ${text}\n${JSON.stringify(seen)}`);
    await pause(POLL_MS);
  }
}

/** Query for `until`: no event is pending and no part is unsent. */
export const SETTLED = `
select (select count(*) from event where seq is null) as pending,
  (select count(*) from outbox where outcome is null) as unsent,
  (select count(*) from event where seq is null) + (select count(*) from outbox where outcome is null)
    + (select count(*) from ask where answered_at is null) = 0 as ok`;
