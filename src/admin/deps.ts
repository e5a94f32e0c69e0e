import type { RawRequest, WebhookResponse } from "../adapter/inbound.ts";
import type { Operator } from "../domain/case.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/logger.ts";
import type { Meter } from "../lib/meter.ts";
import type { Readiness } from "../metrics/health.ts";
import type { Db } from "../store/db.ts";
import type { ReadFile } from "../store/files.ts";

/** Dependencies of the web server, passed by the composition root. */
export interface ServerDeps {
  log: Logger;
  clock: Clock;
  /** "https://desk.example", the URL that platforms use and sign; null: the host name of each request. */
  publicUrl: string | null;
  /** Returns the rules that a channel's requests have to meet before their body is read; null when it takes none. */
  webhookRules(channel: string): WebhookRules | null;
  /** Verifies and stores a request, also for unknown channels. Throws only when nothing could be stored. */
  webhook(channel: string, request: RawRequest): Promise<WebhookResponse>;
  /** Counts refused webhooks, refused requests to private pages, and dropped connections. */
  meter: Pick<Meter, "countRefused" | "countPageRefused" | "countDropped">;
  visits: Visits;
  ready(): Promise<Readiness>;
  /** Prometheus text. */
  metrics(): Promise<string>;
  /** Reads a stored file by its token; null when there is none. */
  files(token: string): Promise<ReadFile | null>;
  /** Absent when the playground is off. */
  playground?: PlaygroundDeps;
}

/** Rules from the channel's adapter. */
export interface WebhookRules {
  maxBytes: number;
  signatureHeader: string;
}

/** Visits (sessions) of the playground from other machines, shared by all web processes. */
export interface Visits {
  /** Exchanges a link for a visit; null when the link is not valid. */
  begin(token: string): Promise<{ secret: string; endsAt: Date } | null>;
  /** Returns the end of the visit with this secret; null when there is none. */
  endOf(secret: string): Promise<Date | null>;
}

export interface PlaygroundDeps {
  db: Db;
  /** The playground's channels, with options as buttons, or as numbered text like an SMS. */
  channels: readonly PlaygroundChannel[];
  /** The desk's channel, for its cards and entries and its operators' actions. */
  desk: string;
  /** Makes headers with which `body` passes the adapter's verification on that channel. */
  sign(channel: string, body: string): Record<string, string>;
  queues(): readonly { id: string; title: string }[];
  /** Workflows that an operator may start by hand. */
  manual(): readonly { id: string; title: string }[];
  /** Default: three example operators. */
  operators?: readonly Operator[];
  /** Example customers; `label` describes them. Default: those of the example company. */
  customers?: readonly ExampleCustomer[];
}

/** Names of the page's own channels: it shows and changes only their conversations. */
export const pageChannels = ({ channels }: Pick<PlaygroundDeps, "channels">): string[] =>
  channels.map(({ name }) => name);

export interface PlaygroundChannel {
  name: string;
  look: "buttons" | "sms";
  title: string;
}

export interface ExampleCustomer {
  /** Id that the page sends when it writes as this customer. */
  id: string;
  name: string;
  label: string;
  /** The verified phone number, as a carrier would provide. */
  phone: string;
  email?: string;
  /** Facts about the contact, by which other systems know them ("billing_id"). */
  attributes?: Readonly<Record<string, string>>;
}
