import type { DeliveryStatus } from "../domain/delivery.ts";
import type { Address, ConversationId, RemoteChannelId, RemoteId, ThreadId } from "../domain/ids.ts";
import type { Attachment } from "../domain/message.ts";
import type { CarrierWord } from "./carrier-words.ts";
import type { DeskCommand } from "./desk-command.ts";

export type { DeliveryStatus } from "../domain/delivery.ts";
export type { DeskCommand } from "./desk-command.ts";

/** Bytes as a platform handed them to us, not verified yet. */
export interface RawInbound {
  body: Uint8Array;
  /** The media type of `body`, as sent. */
  contentType: string;
  receivedAt: Date;
  /** The public URL that the platform called; left out: the bytes did not come by a webhook. */
  url?: string;
}

/** A webhook request. Header names are lower case; `url` is the public one that the platform signed. */
export interface RawRequest extends RawInbound {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
}

export type Trust = "verified" | "asserted" | "unverified" | "spoof_suspect";

interface Common {
  /** Names of the item within its channel; an item with any name that came before is a repetition and is dropped. */
  dedupeKeys: readonly string[];
  /** The platform's id for it (MessageSid, ts). */
  externalId: string;
  sentAt?: Date;
  flags?: readonly string[];
}

interface FromSomeone extends Common {
  thread: ThreadId;
  /** The container of the thread, on platforms where queues work in such places: a message in a queue's place is no customer's. */
  place?: RemoteChannelId;
  from: Address;
  displayName?: string;
  /** Facts that the platform vouches for, or that the address itself is. `attributes`: ids of other systems, and the like. */
  profile?: { phone?: string; email?: string; language?: string; attributes?: Readonly<Record<string, string>> };
  trust: Trust;
}

/**
 * One item that an adapter read from a raw inbound, which may hold several. Its fields keep their names down to the
 * statement that stores them (store/inbound/item.ts).
 */
export type Inbound =
  | (FromSomeone & {
      kind: "message";
      text: string;
      attachments: readonly Attachment[];
      /** Not addressed to us: it counts only in a thread that is a conversation or a case already. */
      joinsOnly?: true;
      /** It mentions somebody else on the platform: a colleague, a group. */
      mentions?: true;
    })
  /**
   * A word that the carrier acts on by itself: after it, nothing of ours reaches the sender any more, or it does again, or
   * the carrier answers in its own words. It holds for the thread, that is for the sender and `ours`, our side as people
   * call it ("+15550100"). An opt-in of somebody who has not opted out is a message like any other.
   */
  | (FromSomeone & { kind: CarrierWord; text: string; attachments: readonly Attachment[]; ours: string })
  /** The message that the platform calls `target` was changed, or taken back. */
  | (FromSomeone & { kind: "edit"; target: string; text: string; mentions?: true })
  | (FromSomeone & { kind: "delete"; target: string })
  /** The platform gave a place a new id; apart from that, the ids of threads in it stay. */
  | (Common & { kind: "moved"; from: RemoteChannelId; to: RemoteChannelId })
  | (FromSomeone & { kind: "choice"; promptId: string; optionId: string; text: string })
  | (FromSomeone & { kind: "action"; command: DeskCommand; conversation: ConversationId })
  /**
   * A report on a message of ours. `key`: the key with which it was sent, where the platform repeats that. `optedOut`: it
   * failed because its recipient has opted out.
   */
  | (Common & {
      kind: "receipt";
      message: RemoteId;
      key?: string;
      status: DeliveryStatus;
      code?: string;
      optedOut?: true;
    })
  /** An item that acts on nothing. `withheld`: it was not written to us, so its bytes are not kept. */
  | (Common & { kind: "ignored"; reason: string; withheld?: true });

export type Verdict = { ok: true } | { ok: false; status: 400 | 401 | 403 | 413; reason: string };

export interface WebhookResponse {
  status: number;
  contentType: string;
  body: string;
}

/** Outcome of storing one item. */
export interface StoredInbound {
  outcome: "stored" | "duplicate" | "ignored" | "receipt";
  conversation?: ConversationId;
}
