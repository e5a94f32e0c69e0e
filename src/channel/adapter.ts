/**
 * The port that every channel implements: a small required core, and optional abilities whose presence means that
 * they work. `channels/README.md` shows a complete adapter; `test/conformance/channel.ts` is what each must pass.
 */
import type { RemoteId, ThreadId } from "../domain/ids.ts";
import type { Logger } from "../lib/logger.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Inbound, RawInbound, RawRequest, StoredInbound, Verdict, WebhookResponse } from "./inbound.ts";
import type { FittedPart } from "./part.ts";

export interface ChannelAdapter<Config = unknown, Body = unknown> {
  readonly name: string;
  /** A zod schema: parses the channel's entry in `frontdesk.yaml`, its secrets already resolved. Throws ZodError. */
  readonly config: { parse(input: unknown): Config };
  capabilities(this: void, config: Config): Capabilities;
  /** The length of a text in the unit of `capabilities.text`. */
  measure(this: void, text: string): number;
  readonly webhook?: {
    /** Pure, over raw bytes, before anything is parsed. */
    verify(this: void, request: RawRequest, config: Config, now: Date): Verdict;
    respond(this: void, verdict: Verdict, stored: readonly StoredInbound[]): WebhookResponse;
  };
  /** Total: bytes it can't read become `ignored` with a reason. No network, no state, no clock. */
  parse(this: void, raw: RawInbound, config: Config): Inbound[];
  /** Pure; golden-tested. */
  encode(this: void, part: FittedPart, config: Config): Body;
  /** Every effect lives behind this; the vendor's SDK is imported here, lazily. */
  connect(this: void, config: Config, deps: Deps): Promise<Connection<Body>>;
}

export interface Connection<Body = unknown> {
  /** Sends one part and answers with the platform's id of it. Throws only SendError. */
  send(thread: ThreadId, body: Body, o: { key: string; signal: AbortSignal }): Promise<RemoteId>;
  /** Did the part with this key arrive, though its send had no answer? Settles when the signal calls it off. */
  reconcile?(
    thread: ThreadId,
    key: string,
    o: { since: Date; signal: AbortSignal },
  ): Promise<RemoteId | "not-sent" | "unknown">;
  close(): Promise<void>;
}

export interface Deps {
  log: Logger;
  /** Where the platform can call us back for this channel ("https://desk.example/channels/sms"), if we are reachable. */
  webhookUrl?: string;
}
