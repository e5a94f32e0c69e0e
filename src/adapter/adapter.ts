/**
 * The port that every channel implements: a small required core, and optional abilities whose presence means that
 * they work. `channels/README.md` shows a complete adapter; each one must pass `test/conformance/channel.ts`.
 */
import type { Address, RemoteId, ThreadId } from "../domain/ids.ts";
import type { StoredFile } from "../domain/message.ts";
import type { Queue } from "../domain/queue.ts";
import type { Logger } from "../lib/logger.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Flight } from "./flight.ts";
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
    /** The longest body that the platform sends, in bytes; a longer one is refused and not buffered. */
    readonly maxBytes: number;
    /** The header that carries the platform's signature, in lower case; without it the body is not read. */
    readonly signatureHeader: string;
    /** Pure, over raw bytes, before anything is parsed. */
    verify(this: void, request: RawRequest, config: Config, now: Date): Verdict;
    /** `request` is the verified request, for platforms that want part of it echoed (a challenge). */
    respond(this: void, verdict: Verdict, stored: readonly StoredInbound[], request?: RawRequest): WebhookResponse;
  };
  /** Total: bytes that it can't read become `ignored` with a reason. No network, no state, no clock. */
  parse(this: void, raw: RawInbound, config: Config): Inbound[];
  /** Pure; golden-tested. */
  encode(this: void, part: FittedPart, config: Config): Body;
  /** Resolves what people call someone ("+1 555 0100") to a thread in which we can write first; null: nobody found. */
  resolveRecipient?(this: void, to: string, config: Config): { thread: ThreadId; address: Address } | null;
  /** Opens the sending side, which owns every effect of sending; imports the vendor's SDK here, lazily. */
  connect(this: void, config: Config, deps: Deps): Promise<Connection<Body>>;
  /** Opens the receiving side of a channel that needs more than webhook bodies. */
  listen?(this: void, config: Config, deps: Deps): Promise<InboundConnection>;
  /**
   * Its platform is this server's own page. A desk there shows conversations of such channels only, because the page does
   * not authenticate anyone.
   */
  readonly ownPage?: true;
  /** Helps an admin to set the channel up at its platform. */
  readonly setup?: Setup<Config>;
}

export interface Setup<Config = unknown> {
  /**
   * Returns the manifest from which the platform creates our app. `entry` is the channel's entry as written, perhaps
   * without its secrets yet. Pure. Throws an Error that says what has to be set first.
   */
  manifest?(this: void, entry: Readonly<Record<string, unknown>>, o: InstalledChannel & { name: string }): unknown;
  /** Checks that the platform is set up as the channel needs, and changes nothing. Never throws; settles when aborted. */
  checkSetup?(this: void, config: Config, o: InstalledChannel & { signal: AbortSignal }): Promise<SetupFinding[]>;
}

/** Facts about a channel in this installation. */
export interface InstalledChannel {
  /** URL at which the platform can call us; null: we are not reachable. */
  webhookUrl: string | null;
  /** The queues that it shows when it is also the desk; null: it is not the desk. */
  queues: readonly Queue[] | null;
}

export type SetupFinding = { message: string } & (
  | { level: "fine" }
  /** `fix` tells the admin what to do about it. */
  | { level: "warning" | "problem"; fix: string }
);

export interface Connection<Body = unknown> {
  /**
   * Receipts repeat the key of the part, and come without being asked for: a part that can't be reconciled waits for one
   * before people are told.
   */
  readonly keyedReceipts?: boolean;
  /** Sends one part and returns the platform's id of it. Throws only SendError. */
  send(thread: ThreadId, body: Body, o: SendOptions): Promise<RemoteId>;
  /** Asks whether the part with this key, or this file, arrived though its send got no answer. Settles when aborted. */
  reconcile?(
    thread: ThreadId,
    key: string,
    o: Reconciling & { file?: StoredFile | undefined },
  ): Promise<RemoteId | "not-sent" | "unknown">;
  /** Replaces the body of a sent part; idempotent. Throws only SendError. */
  edit?(thread: ThreadId, message: RemoteId, body: Body, o: Flight): Promise<void>;
  /** Shows a text to one person of the thread only; best effort. Throws only SendError. */
  hint?(thread: ThreadId, to: Address, o: Flight & { text: string }): Promise<void>;
  /** Fetches a file that came with a message. Throws DownloadError, or the network's own error. */
  download?(ref: string, o: { maxBytes: number; signal: AbortSignal }): Promise<Download>;
  close(): Promise<void>;
}

export interface SendOptions extends Flight {
  /** Idempotency key: the same for every try of the same part. */
  key: string;
  /** Reads the bytes of the part's file, if it has one. */
  content?: (file: StoredFile) => Promise<Uint8Array>;
}

export interface Reconciling {
  /** Time since the attempt, in milliseconds; its own time would be another clock's than the platform's (E6). */
  agoMs: number;
  signal: AbortSignal;
}

export interface Download {
  bytes: Uint8Array;
  name?: string;
  mediaType: string;
}

/** Thrown when a file can't be fetched and a retry won't help; the message tells an operator why. */
export class DownloadError extends Error {
  override readonly name = "DownloadError";
}

/** The open receiving side of a channel. */
export interface InboundConnection {
  /** Looks up the platform's profile of an address; null if it has none. Best effort, and quick. */
  profile?(from: Address, signal: AbortSignal): Promise<Profile | null>;
  /**
   * Receives over a connection of our own, until closed. `take` resolves once everything is stored, with the answer for
   * the platform (null: none); only then may the platform get its acknowledgement.
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
  /** URL at which the platform can call us for this channel ("https://desk.example/channels/sms"), if we are reachable. */
  webhookUrl?: string;
}
