import type { RawRequest, WebhookResponse } from "../channel/inbound.ts";
import type { Operator } from "../domain/case.ts";
import type { StoredFile } from "../domain/message.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/logger.ts";
import type { Db } from "../store/db.ts";

/** What the web server is given by the composition root. */
export interface ServerDeps {
  log: Logger;
  clock: Clock;
  /** "https://desk.example", under which platforms reach us and sign; null: the name each request used. */
  publicUrl: string | null;
  /** Whether a channel takes webhooks; the body of a request for any other one is not read. */
  takesWebhooks(channel: string): boolean;
  /** Verifies and stores; unknown channels are its business. Throws only when nothing could be stored. */
  webhook(channel: string, request: RawRequest): Promise<WebhookResponse>;
  ready(): Promise<Readiness>;
  /** Prometheus text. */
  metrics(): Promise<string>;
  /** A file that was kept, by its token; null where there is none. */
  files(token: string): Promise<{ file: StoredFile; content: Uint8Array } | null>;
  /** Not given: the playground is off. */
  playground?: PlaygroundDeps;
}

export interface Readiness {
  ok: boolean;
  checks: Record<string, { ok: boolean; says: string }>;
}

export interface PlaygroundDeps {
  db: Db;
  /** The playground channels, by look: options as buttons, or as numbered text like an SMS. */
  channels: readonly PlaygroundChannel[];
  /** The channel that the desk's cards and entries are sent on, and its operators' actions come in by. */
  desk: string;
  /** Headers that make `body` pass the adapter's verification on that channel. */
  sign(channel: string, body: string): Record<string, string>;
  queues(): readonly { id: string; title: string }[];
  /** Workflows that an operator may start by hand. */
  manual(): readonly { id: string; title: string }[];
  /** Default: three made-up people. */
  operators?: readonly Operator[];
  /** Customers to be; `label` says what is special about them. Default: two. */
  customers?: readonly ExampleCustomer[];
}

export interface PlaygroundChannel {
  name: string;
  look: "buttons" | "sms";
  title: string;
}

export interface ExampleCustomer {
  /** By which the page says that it writes as this one. */
  id: string;
  name: string;
  label: string;
  /** The number that the channel vouches for, as a carrier does. */
  phone: string;
}
