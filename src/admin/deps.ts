import type { RawRequest, WebhookResponse } from "../adapter/inbound.ts";
import type { Operator } from "../domain/case.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/logger.ts";
import type { Meter } from "../lib/meter.ts";
import type { Readiness } from "../metrics/health.ts";
import type { Db } from "../store/db.ts";
import type { ReadFile } from "../store/files.ts";

/** What the web server is given by the composition root. */
export interface ServerDeps {
  log: Logger;
  clock: Clock;
  /** "https://desk.example", under which platforms reach us and sign; null: the name each request used. */
  publicUrl: string | null;
  /** What a channel's requests must keep to before their body is read; null where it takes none. */
  webhookRules(channel: string): WebhookRules | null;
  /** Verifies and stores; unknown channels are its business. Throws only when nothing could be stored. */
  webhook(channel: string, request: RawRequest): Promise<WebhookResponse>;
  /** Counts what was turned away: webhooks, requests to private pages, and connections without a request. */
  meter: Pick<Meter, "countRefused" | "countPageRefused" | "countDropped">;
  visits: Visits;
  ready(): Promise<Readiness>;
  /** Prometheus text. */
  metrics(): Promise<string>;
  /** A file that was kept, by its token; null where there is none. */
  files(token: string): Promise<ReadFile | null>;
  /** Not given: the playground is off. */
  playground?: PlaygroundDeps;
}

/** As the channel's adapter says. */
export interface WebhookRules {
  maxBytes: number;
  signatureHeader: string;
}

/** Visits to the playground from other machines; the same for every web process. */
export interface Visits {
  /** Uses a link up; null where it opens nothing. */
  begin(token: string): Promise<{ secret: string; endsAt: Date } | null>;
  /** When the visit with this secret ends; null where there is none. */
  endOf(secret: string): Promise<Date | null>;
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

/** The page's own channels, by name: it shows and touches conversations on these and on no other. */
export const pageChannels = ({ channels }: Pick<PlaygroundDeps, "channels">): string[] =>
  channels.map(({ name }) => name);

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
