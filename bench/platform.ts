/**
 * The platform: posts signed webhooks like Twilio, and is the sink for deliveries. Raw sockets and prepared bytes, so that
 * it takes little CPU from the measured programs.
 */
import { randomBytes } from "node:crypto";
import { connect, createServer, type Socket } from "node:net";
import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";

export const ACCOUNT_SID = `AC${"0".repeat(31)}1`;
export const AUTH_TOKEN = "bench-auth-token";
export const OUR_NUMBER = "+15550100";
/** The URL that Twilio signs, as if a TLS proxy were in front. */
export const PUBLIC_URL = "https://desk.example";
const PATH = "/channels/sms";
/** Texts of customers who write once, which `home/workflows/menu.yaml` answers, and of those who write several times. */
const ALONE = "A charge or an invoice";
const OFTEN = "An order or a parcel";

/** The secret that `home/frontdesk.yaml` refers to. */
export const channelEnvironment = ({ sinkUrl }: Pick<Platform, "sinkUrl">): Record<string, string> => ({
  BENCH_ACCOUNT_SID: ACCOUNT_SID,
  BENCH_AUTH_TOKEN: AUTH_TOKEN,
  BENCH_SINK_URL: sinkUrl,
  PUBLIC_URL,
});

/** Customers' texts to post. */
export interface Post {
  /** The subject's base, "http://127.0.0.1:3000". */
  target: string;
  messages: number;
  /** Number of threads, used in turn. */
  threads: number;
  /** Default: a text that the menu of `home/` answers, or where customers write several times, its other workflow. */
  text?: string;
  /** Concurrent connections. */
  connections: number;
  /** null: as fast as possible. */
  perSecond: number | null;
  /** The posting ends with the last delivery, or already with the last acknowledgement. Default: delivered. */
  until?: "delivered" | "acknowledged";
  /** Default: a refused post breaks the bench. sent again: as by a platform that repeats what was not acknowledged. */
  refused?: "breaks" | "sent again";
}

/** Results in milliseconds. */
export interface Posted {
  /** From the first byte posted until the last delivery. */
  ms: number;
  /** Latencies of each message from its post; end to end only when each message has its own thread. */
  ackMs: number[];
  endToEndMs: number[];
  /** Time of each post, milliseconds since 1970. */
  postedAt: number[];
  /** Posts that were refused and sent again. */
  sentAgain: number;
}

/** Deliveries since the beginning of the latest posting. */
export interface Deliveries {
  /** Also those of one message that came twice. */
  taken: number;
  /** Times of the first and last, milliseconds since 1970. */
  firstAt: number;
  lastAt: number;
}

/** Time without any delivery after which the rest is given up. */
const GIVE_UP_MS = 120_000;
/** Time after which a refused post is sent again. */
const SEND_AGAIN_MS = 500;
const HEADERS_END = "\r\n\r\n";

/** A platform with new customers in every posting. */
export interface Platform extends AsyncDisposable {
  /** URL of its API for messages. */
  sinkUrl: string;
  /** Posts, and waits for as many deliveries. One posting at a time. */
  post(o: Post): Promise<Posted>;
  /** Waits until that many messages of the latest posting were delivered. */
  delivered(messages: number): Promise<Deliveries>;
}

export async function openPlatform(): Promise<Platform> {
  const sink: Sink = { taken: 0, at: new Map(), perThread: false, firstAt: 0, lastAt: 0, onTaken: () => {} };
  const server = createServer((socket) => eachMessage(socket, (_head, body) => take(sink, socket, body)));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const senders = customers();
  return {
    sinkUrl: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    post: (o) => post(o, { sink, requests: prepare(o, senders) }),
    async delivered(messages) {
      await deliveries(sink, messages);
      return { taken: sink.taken, firstAt: sinceEpoch(sink.firstAt), lastAt: sinceEpoch(sink.lastAt) };
    },
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}

interface Sink {
  taken: number;
  /** Time of the latest delivery to each number. */
  at: Map<string, number>;
  /** True when each message has its own thread, so that a second delivery to a number is one too many. */
  perThread: boolean;
  firstAt: number;
  lastAt: number;
  onTaken: () => void;
}

function take(sink: Sink, socket: Socket, body: string): void {
  sink.lastAt = performance.now();
  if (sink.taken++ === 0) sink.firstAt = sink.lastAt;
  sink.at.set(/(?:^|&)To=%2B(\d+)/.exec(body)?.[1] ?? "", sink.lastAt);
  const resource = `{"sid":"${messageId()}","status":"queued"}`;
  const head = `HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: ${resource.length}`;
  socket.write(head + HEADERS_END + resource);
  sink.onTaken();
}

interface Request {
  from: string;
  bytes: Buffer;
}

async function post(o: Post, { sink, requests }: { sink: Sink; requests: readonly Request[] }): Promise<Posted> {
  sink.taken = 0;
  sink.at.clear();
  sink.perThread = o.threads === o.messages;
  const arrived = o.until === "acknowledged" ? null : deliveries(sink, o.messages);
  const sockets = await Promise.all(Array.from({ length: o.connections }, () => open(o.target)));
  const postedAt: number[] = [];
  const ackMs: number[] = [];
  const startedAt = performance.now();
  let next = 0;
  let sentAgain = 0;
  const client = async (socket: Socket): Promise<void> => {
    for (let n = next++; n < requests.length; n = next++) {
      if (o.perSecond !== null) await moment(startedAt + (n * 1_000) / o.perSecond);
      postedAt[n] = performance.now();
      sentAgain += await exchangeUntilTaken(socket, requests[n]?.bytes ?? Buffer.alloc(0), o);
      ackMs[n] = performance.now() - (postedAt[n] ?? 0);
    }
  };
  // A refused post rejects at once, with the reason.
  await Promise.all([...sockets.map(client), arrived]);
  const ms = performance.now() - startedAt;
  for (const socket of sockets) socket.destroy();
  const endToEndMs = requests.map(({ from }, n) => (sink.at.get(from) ?? Number.NaN) - (postedAt[n] ?? 0));
  return {
    ms,
    ackMs,
    endToEndMs: sink.perThread && arrived !== null ? endToEndMs : [],
    postedAt: postedAt.map(sinceEpoch),
    sentAgain,
  };
}

/** Comparable between processes. */
const sinceEpoch = (ms: number): number => performance.timeOrigin + ms;

/** Counts customers over all postings, so that each posting has new ones. */
function customers(): () => number {
  let last = 0;
  return () => last++;
}

function prepare(o: Post, senders: () => number): Request[] {
  const numbers = Array.from({ length: o.threads }, () => `1555${String(senders()).padStart(7, "0")}`);
  const text = o.text ?? (o.threads === o.messages ? ALONE : OFTEN);
  return Array.from({ length: o.messages }, (_, n) => {
    const from = numbers[n % numbers.length] ?? "";
    return { from, bytes: webhook(o.target, { from: `+${from}`, text }) };
  });
}

const messageId = (): string => `SM${randomBytes(16).toString("hex")}`;

function webhook(target: string, { from, text }: { from: string; text: string }): Buffer {
  const sid = messageId();
  const form = {
    ToCountry: "US",
    ToState: "CA",
    SmsMessageSid: sid,
    NumMedia: "0",
    ToCity: "SAN FRANCISCO",
    FromZip: "94105",
    SmsSid: sid,
    FromState: "CA",
    SmsStatus: "received",
    FromCity: "SAN FRANCISCO",
    Body: text,
    FromCountry: "US",
    To: OUR_NUMBER,
    ToZip: "94103",
    NumSegments: "1",
    MessageSid: sid,
    AccountSid: ACCOUNT_SID,
    From: from,
    ApiVersion: "2010-04-01",
  };
  const body = new URLSearchParams(form).toString();
  const head = [
    `POST ${PATH} HTTP/1.1`,
    `host: ${new URL(target).host}`,
    "user-agent: TwilioProxy/1.1",
    "accept: */*",
    "content-type: application/x-www-form-urlencoded; charset=UTF-8",
    `x-twilio-signature: ${getExpectedTwilioSignature(AUTH_TOKEN, `${PUBLIC_URL}${PATH}`, form)}`,
    `content-length: ${body.length}`,
  ];
  return Buffer.from(head.join("\r\n") + HEADERS_END + body);
}

function open(target: string): Promise<Socket> {
  const { hostname, port } = new URL(target);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true }, () => resolve(socket));
    socket.once("error", reject);
    eachMessage(socket, (head) => settleExchange(socket, head));
  });
}

const exchanges = new WeakMap<Socket, { resolve: () => void; reject: (error: Error) => void }>();

function exchange(socket: Socket, request: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    exchanges.set(socket, { resolve, reject });
    socket.write(request);
  });
}

/** Returns the number of times that it was sent again. */
async function exchangeUntilTaken(socket: Socket, request: Buffer, { refused }: Post): Promise<number> {
  for (let again = 0; ; again++) {
    try {
      await exchange(socket, request);
      return again;
    } catch (error) {
      if (refused !== "sent again") throw error;
      await moment(performance.now() + SEND_AGAIN_MS);
    }
  }
}

function settleExchange(socket: Socket, head: string): void {
  const waiting = exchanges.get(socket);
  if (head.startsWith("HTTP/1.1 200")) waiting?.resolve();
  else waiting?.reject(new Error(`the subject answered ${head.split("\r\n")[0]}`));
}

/** Calls back for every HTTP message on a socket; all have a content-length or no body. */
function eachMessage(socket: Socket, on: (head: string, body: string) => void): void {
  let held = "";
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.setEncoding("latin1");
  socket.on("data", (data: string) => {
    held = held === "" ? data : held + data;
    for (;;) {
      const headEnd = held.indexOf(HEADERS_END);
      if (headEnd < 0) return;
      const head = held.slice(0, headEnd);
      const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      const end = headEnd + HEADERS_END.length + length;
      if (held.length < end) return;
      const body = held.slice(headEnd + HEADERS_END.length, end);
      held = held.slice(end);
      on(head, body);
    }
  });
}

function deliveries(sink: Sink, messages: number): Promise<void> {
  const count = () => (sink.perThread ? sink.at.size : sink.taken);
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`${count()} of ${messages} were delivered, then none for ${GIVE_UP_MS} ms`));
    const impatience = setTimeout(late, GIVE_UP_MS).unref();
    sink.onTaken = () => {
      impatience.refresh();
      if (count() < messages) return;
      clearTimeout(impatience);
      resolve();
    };
    sink.onTaken();
  });
}

async function moment(when: number): Promise<void> {
  const waitMs = when - performance.now();
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
}
