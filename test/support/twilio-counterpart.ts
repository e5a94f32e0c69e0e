/**
 * A counterpart of Twilio: its REST API for sending, and its webhooks. Stricter than Twilio, which ignores unknown
 * parameters. Sends to a recipient can be scripted to be slow, broken or lost.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { bodyOf, defaultCode, json } from "./twilio-answers.ts";
import { type FetchedFile, fetchedFile, TwilioMedia } from "./twilio-media.ts";
import { type FormRefusal, refusalOf } from "./twilio-rules.ts";
import {
  type InboundText,
  post,
  type SignedWebhook,
  type StatusCallback,
  signedWebhook,
  statusForm,
  textForm,
} from "./twilio-webhooks.ts";

export type { SignedWebhook } from "./twilio-webhooks.ts";

export interface SentMessage {
  sid: string;
  to: string;
  from: string;
  body: string;
  /** Every parameter as received. */
  form: Readonly<Record<string, string>>;
  /** The file fetched from each MediaUrl; if one fails, the message fails. */
  media: readonly FetchedFile[];
  at: Date;
}

/** Fault of a send to one recipient. */
export type Fault =
  /** Accepted at once, answered late. */
  | { kind: "slow"; ms: number }
  /** Refused with an HTTP status; nothing is recorded. */
  | { kind: "answer"; status: number; code?: number; retryAfter?: string; body?: string }
  /** Accepted, but the answer is lost. */
  | { kind: "answer-lost" }
  /** The connection is closed before the message was accepted. */
  | { kind: "hang-up" };

export interface CounterpartOptions {
  accountSid?: string;
  authToken?: string;
  /** Numbers of the account; any other From is refused (21606). Default: any. */
  numbers?: readonly string[];
  /** Default URL of `text` and `status`. */
  webhookUrl?: string;
}

const KEEP_ALIVE_MS = 30_000;
const DEFAULT_SID = `AC${"0".repeat(31)}1`;

/** Starts one on a free local port. `await using`, or `close()`, drops open connections and pending answers. */
export async function startTwilioCounterpart(options: CounterpartOptions = {}): Promise<TwilioCounterpart> {
  const counterpart = new TwilioCounterpart(options);
  await counterpart.listen();
  return counterpart;
}

export class TwilioCounterpart implements AsyncDisposable {
  readonly accountSid: string;
  readonly authToken: string;
  /** URL for customers' texts; a server under test knows it only once it listens. */
  webhookUrl: string | undefined;
  /** Files of customers. */
  readonly media: TwilioMedia;
  /** Number of refused requests. */
  refused = 0;
  readonly #numbers: readonly string[] | undefined;
  readonly #authorization: string;
  readonly #path: string;
  readonly #sent: SentMessage[] = [];
  readonly #faults = new Map<string, { fault: Fault; left: number }[]>();
  readonly #late = new Set<NodeJS.Timeout>();
  readonly #server = createServer((request, response) => {
    this.#serve(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  #serial = 0;

  constructor({ accountSid = DEFAULT_SID, authToken = "counterpart-token", numbers, webhookUrl }: CounterpartOptions) {
    this.accountSid = accountSid;
    this.authToken = authToken;
    this.webhookUrl = webhookUrl;
    this.#numbers = numbers;
    this.#authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}`;
    this.#path = `/2010-04-01/Accounts/${accountSid}/Messages.json`;
    this.media = new TwilioMedia({ authorization: this.#authorization, accountSid, base: () => this.url });
    this.#server.keepAliveTimeout = KEEP_ALIVE_MS;
  }

  async listen(): Promise<void> {
    await new Promise<void>((listening) => this.#server.listen(0, "127.0.0.1", listening));
  }

  /** URL for `api_url`. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Lists accepted messages, in order; of one recipient, if given. */
  sent(to?: string): readonly SentMessage[] {
    return to === undefined ? this.#sent : this.#sent.filter((message) => message.to === to);
  }

  /** Counts open connections. */
  connections(): Promise<number> {
    return new Promise((resolve, reject) =>
      this.#server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
  }

  /** Makes the next `times` sends to `to` fail; faults of one recipient are queued. */
  script(to: string, fault: Fault, { times = 1 }: { times?: number } = {}): void {
    this.#faults.set(to, [...(this.#faults.get(to) ?? []), { fault, left: times }]);
  }

  /** Forgets all messages and faults. */
  reset(): void {
    this.#sent.length = 0;
    this.#faults.clear();
  }

  /** Writes as a customer: posts the signed webhook, returns the server's answer. */
  text(message: InboundText): Promise<Response> {
    return post(this.textWebhook(message));
  }

  /** Posts a delivery status; any status, in any order, any number of times. */
  status(callback: StatusCallback): Promise<Response> {
    return post(this.statusWebhook(callback));
  }

  /** Returns the webhook for a customer's text, signed for its URL. */
  textWebhook(message: InboundText): SignedWebhook {
    const form = textForm({ ...message, sid: message.sid ?? this.#nextSid() }, this.accountSid);
    return signedWebhook(message.url ?? this.#target(), { form, authToken: this.authToken });
  }

  /** Returns the webhook that reports a status of our message. */
  statusWebhook(callback: StatusCallback): SignedWebhook {
    const message = this.#sent.find(({ sid }) => sid === callback.sid);
    const form = statusForm(callback, { accountSid: this.accountSid, to: message?.to, from: message?.from });
    const url = callback.url ?? message?.form["StatusCallback"] ?? `${this.#target()}/status`;
    return signedWebhook(url, { form, authToken: this.authToken });
  }

  async close(): Promise<void> {
    for (const timer of this.#late) clearTimeout(timer);
    this.media.close();
    this.#server.closeAllConnections();
    if (this.#server.listening) await new Promise((closed) => this.#server.close(closed));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === "GET" && (await this.media.serve(request, response))) return;
    const text = await bodyOf(request);
    const wrong = this.#complaint(request, text);
    if (wrong) return this.#refuse(response, wrong);
    this.#take(response, new URLSearchParams(text));
  }

  #complaint(request: IncomingMessage, text: string): FormRefusal | null {
    if (request.headers.authorization !== this.#authorization) {
      return { status: 401, code: 20003, message: "Authenticate" };
    }
    if (request.method !== "POST" || request.url !== this.#path) {
      return { status: 404, code: 20404, message: "The requested resource was not found" };
    }
    return refusalOf(request.headers["content-type"], text, this.#numbers);
  }

  #take(response: ServerResponse, form: URLSearchParams): void {
    const fault = this.#nextFault(form.get("To") ?? "");
    if (fault?.kind === "hang-up") return void response.socket?.destroy();
    if (fault?.kind === "answer") return this.#broken(response, fault);
    const message = this.#record(form);
    if (fault?.kind === "answer-lost") return void response.socket?.destroy();
    if (fault?.kind !== "slow") return this.#created(response, message);
    const timer = setTimeout(() => {
      this.#late.delete(timer);
      this.#created(response, message);
    }, fault.ms);
    this.#late.add(timer);
  }

  #nextFault(to: string): Fault | undefined {
    const [first] = this.#faults.get(to) ?? [];
    if (first === undefined) return undefined;
    if (--first.left <= 0) this.#faults.get(to)?.shift();
    return first.fault;
  }

  #broken(response: ServerResponse, { status, code, retryAfter, body }: Extract<Fault, { kind: "answer" }>): void {
    const headers = retryAfter === undefined ? {} : { "retry-after": retryAfter };
    if (body !== undefined) return void response.writeHead(status, headers).end(body);
    this.#refuse(response, { status, code: code ?? defaultCode(status), message: "Scripted" }, headers);
  }

  #refuse(
    response: ServerResponse,
    { status, code, message }: FormRefusal,
    headers: Record<string, string> = {},
  ): void {
    this.refused++;
    const body = { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
    json(response, status, { body, headers });
  }

  #record(fields: URLSearchParams): SentMessage {
    const form = Object.fromEntries(fields);
    const from = form["From"] ?? form["MessagingServiceSid"] ?? "";
    const to = form["To"] ?? "";
    const media: FetchedFile[] = [];
    const message = { sid: this.#nextSid(), to, from, body: form["Body"] ?? "", form, media, at: new Date() };
    this.#sent.push(message);
    // Like Twilio, after the message was accepted: a fault shows in its status.
    for (const url of fields.getAll("MediaUrl")) void fetchedFile(url).then((file) => media.push(file));
    return message;
  }

  #created(response: ServerResponse, { sid, to, from, body, at }: SentMessage): void {
    const resource = { sid, account_sid: this.accountSid, to, from, body, status: "queued", num_segments: "1" };
    const rest = { direction: "outbound-api", date_created: at.toUTCString(), error_code: null, error_message: null };
    json(response, 201, { body: { ...resource, ...rest } });
  }

  #nextSid(): string {
    return `SM${(++this.#serial).toString(16).padStart(32, "0")}`;
  }

  #target(): string {
    if (this.webhookUrl === undefined) throw new Error("Set counterpart.webhookUrl, or name a url on the call");
    return this.webhookUrl;
  }
}
