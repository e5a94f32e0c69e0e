/**
 * The port that every channel implements: a small required core, and optional abilities whose presence means that
 * they work. `channels/README.md` shows a complete adapter; `test/conformance/channel.ts` is what each must pass.
 */
import type { Address, RemoteId, ThreadId } from "../domain/ids.ts";
import type { StoredFile } from "../domain/message.ts";
import type { Queue } from "../domain/queue.ts";
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
    /** The longest body that the platform sends, in bytes; more is refused and not held. */
    readonly maxBytes: number;
    /** The header that carries the platform's signature, in lower case; without it a body is not even read. */
    readonly signatureHeader: string;
    /** Pure, over raw bytes, before anything is parsed. */
    verify(this: void, request: RawRequest, config: Config, now: Date): Verdict;
    /** `request` is what was verified, for platforms that want something of it back (a challenge). */
    respond(this: void, verdict: Verdict, stored: readonly StoredInbound[], request?: RawRequest): WebhookResponse;
  };
  /** Total: bytes it can't read become `ignored` with a reason. No network, no state, no clock. */
  parse(this: void, raw: RawInbound, config: Config): Inbound[];
  /** Pure; golden-tested. */
  encode(this: void, part: FittedPart, config: Config): Body;
  /** The thread in which someone can be written to first, from what people call them ("+1 555 0100"); null: no such one. */
  resolveRecipient?(this: void, to: string, config: Config): { thread: ThreadId; address: Address } | null;
  /** Every effect of sending lives behind this; the vendor's SDK is imported here, lazily. */
  connect(this: void, config: Config, deps: Deps): Promise<Connection<Body>>;
  /** Every effect of taking in, where handed-in bytes are not enough. */
  listen?(this: void, config: Config, deps: Deps): Promise<InboundConnection>;
  /**
   * Its platform is the page of this very server. A desk there shows conversations of such channels and of no other, because
   * the page asks nobody who they are.
   */
  readonly ownPage?: true;
  /** What helps to set the channel up at its platform. */
  readonly setup?: Setup<Config>;
}

export interface Setup<Config = unknown> {
  /**
   * What the platform is given to make our app there, as data. `entry` is the channel's entry as it is written, its
   * secrets perhaps not there yet. Pure. Throws Error that says what has to be set first.
   */
  manifest?(this: void, entry: Readonly<Record<string, unknown>>, o: Placed & { name: string }): unknown;
  /** Looks whether the platform is as the channel needs it, and changes nothing. Never throws; settles when called off. */
  checkSetup?(this: void, config: Config, o: Placed & { signal: AbortSignal }): Promise<SetupFinding[]>;
}

/** What a channel is in this installation. */
export interface Placed {
  /** Where the platform can call us back; null: we are not reachable. */
  webhookUrl: string | null;
  /** The queues that it shows, where it is also the desk; null: it is not. */
  queues: readonly Queue[] | null;
}

export type SetupFinding = { message: string } & (
  | { level: "fine" }
  /** `fix`: what to do about it. */
  | { level: "warning" | "problem"; fix: string }
);

export interface Connection<Body = unknown> {
  /** Sends one part and answers with the platform's id of it. Throws only SendError. */
  send(thread: ThreadId, body: Body, o: SendOptions): Promise<RemoteId>;
  /** Did the part with this key, or this file, arrive, though its send had no answer? Settles when the signal calls it off. */
  reconcile?(
    thread: ThreadId,
    key: string,
    o: { since: Date; signal: AbortSignal; file?: StoredFile | undefined },
  ): Promise<RemoteId | "not-sent" | "unknown">;
  /** Puts another body in the place of one that was sent; doing it twice changes nothing. Throws only SendError. */
  edit?(thread: ThreadId, message: RemoteId, body: Body, o: { signal: AbortSignal }): Promise<void>;
  /** A word that only one person of the thread sees; best effort. Throws only SendError. */
  hint?(thread: ThreadId, to: Address, o: { text: string; signal: AbortSignal }): Promise<void>;
  /** Fetches a file that came with a message. Throws DownloadError, or what the network throws. */
  download?(ref: string, o: { maxBytes: number; signal: AbortSignal }): Promise<Download>;
  close(): Promise<void>;
}

export interface SendOptions {
  /** The same for every try of the same part. */
  key: string;
  signal: AbortSignal;
  /** The bytes of the part's file, where it has one. */
  content?: (file: StoredFile) => Promise<Uint8Array>;
}

export interface Download {
  bytes: Uint8Array;
  name?: string;
  mediaType: string;
}

/** A file that can't be had, and won't be by trying again; the message says why, in words for an operator. */
export class DownloadError extends Error {
  override readonly name = "DownloadError";
}

/** The inbound side of a channel at work. */
export interface InboundConnection {
  /** Who an address is, as the platform knows them; null where it can't say. Best effort, and quick. */
  profile?(from: Address, signal: AbortSignal): Promise<Profile | null>;
  /**
   * Takes in over a connection of our own, until closed. `take` resolves when all is stored, with what the platform is to
   * be answered (null: nothing); only then may the platform be told that it arrived.
   */
  receive?(take: (raw: RawInbound) => Promise<string | null>): Promise<void>;
  close(): Promise<void>;
}

export interface Profile {
  name?: string;
  phone?: string;
  email?: string;
  /** BCP 47. */
  language?: string;
}

export interface Deps {
  log: Logger;
  /** Where the platform can call us back for this channel ("https://desk.example/channels/sms"), if we are reachable. */
  webhookUrl?: string;
}
