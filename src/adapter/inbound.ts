import type { DeliveryStatus } from "../domain/delivery.ts";
import type { Address, ConversationId, RemoteChannelId, RemoteId, ThreadId } from "../domain/ids.ts";
import type { Attachment } from "../domain/message.ts";
import type { CarrierWord } from "./carrier-words.ts";
import type { DeskCommand } from "./desk-command.ts";

export type { DeliveryStatus } from "../domain/delivery.ts";
export type { DeskCommand } from "./desk-command.ts";

/** Bytes as a platform handed them to us, before anything was believed about them. */
export interface RawInbound {
  body: Uint8Array;
  /** The media type of `body`, as sent. */
  contentType: string;
  receivedAt: Date;
}

/** A webhook request. Header names are lower case; `url` is the public one that the platform signed. */
export interface RawRequest extends RawInbound {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
}

export type Trust = "verified" | "asserted" | "unverified" | "spoof_suspect";

interface Common {
  /** Any of these seen before means: drop. Unique within a channel. */
  dedupeKeys: readonly string[];
  /** What the platform calls it (MessageSid, ts). */
  externalId: string;
  sentAt?: Date;
  flags?: readonly string[];
}

interface FromSomeone extends Common {
  thread: ThreadId;
  /** What holds the thread, where it may hold a queue: nobody who writes there is a customer. */
  place?: RemoteChannelId;
  from: Address;
  displayName?: string;
  /** What the platform vouches for or the address itself is. */
  profile?: { phone?: string; email?: string; language?: string };
  trust: Trust;
}

/** What an adapter makes of one raw inbound. Several may come of one. */
export type Inbound =
  | (FromSomeone & {
      kind: "message";
      text: string;
      attachments: readonly Attachment[];
      /** Nobody said that it is for us: it counts only in a thread that is a conversation or a case already. */
      joinsOnly?: true;
      /** It names somebody else of the platform: a colleague, a group. */
      mentions?: true;
    })
  /**
   * A word that the carrier acts on by itself: nothing of ours reaches the sender any more, it does again, or the carrier
   * answers in its own words. It is for the pair of the sender and `ours`, our side as people call it ("+15550100"), which
   * is the thread. An opt-in of somebody who has not opted out is a message like any other.
   */
  | (FromSomeone & { kind: CarrierWord; text: string; attachments: readonly Attachment[]; ours: string })
  /** The sender changed, or took back, the message that the platform calls `target`. */
  | (FromSomeone & { kind: "edit"; target: string; text: string; mentions?: true })
  | (FromSomeone & { kind: "delete"; target: string })
  /** The platform gave a place a new id; threads in it keep theirs otherwise. */
  | (Common & { kind: "moved"; from: RemoteChannelId; to: RemoteChannelId })
  | (FromSomeone & { kind: "choice"; promptId: string; optionId: string; text: string })
  | (FromSomeone & { kind: "action"; command: DeskCommand; conversation: ConversationId })
  /** `optedOut`: it failed because its recipient has opted out. */
  | (Common & { kind: "receipt"; message: RemoteId; status: DeliveryStatus; code?: string; optedOut?: true })
  /** `withheld`: what it says was not written to us, so its bytes are not kept. */
  | (Common & { kind: "ignored"; reason: string; withheld?: true });

export type Verdict = { ok: true } | { ok: false; status: 400 | 401 | 403 | 413; reason: string };

export interface WebhookResponse {
  status: number;
  contentType: string;
  body: string;
}

/** What became of one inbound item when it was stored. */
export interface StoredInbound {
  outcome: "stored" | "duplicate" | "ignored" | "receipt";
  conversation?: ConversationId;
}
