/** Everything that can happen to a conversation. A row of the journal before and after it was handled. */
import type { DeskCommand, Trust } from "../../channel/inbound.ts";
import type { Operator, TranscriptMark } from "../../domain/case.ts";
import type { Contact } from "../../domain/contact.ts";
import type { Attachment } from "../../domain/message.ts";
import type { CallResult } from "../../workflow/run.ts";

interface Facts {
  id: number;
  /** The only clock that a transition knows (T10). */
  at: Date;
}

export type Happening =
  /** The customer wrote. */
  | { kind: "message"; message: number; text: string; attachments: readonly Attachment[]; from: From }
  /** The customer pressed an option. */
  | { kind: "choice"; message: number; text: string; promptId: string; optionId: string; from: From }
  /** An ask has its answer. */
  | { kind: "answer"; ask: string; result: CallResult }
  /** An alarm came due. */
  | { kind: "alarm"; alarm: string }
  /** The customer changed, or took back, what they had written. `early`: before it was handled, so it was handled so. */
  | { kind: "edit"; message: number; text: string; from: From; early?: true }
  | { kind: "delete"; message: number; from: From; early?: true }
  /** They took it back before it was handled. */
  | { kind: "withdrawn"; message: number }
  /**
   * An operator did something at the desk. `queues`: those they work in, as the desk knew when it came in; null: the desk
   * does not know who works where. `contact`: with `start`, whom they write to.
   */
  | { kind: "operator"; operator: Operator; command: DeskCommand; queues: readonly string[] | null; contact?: Contact }
  /** What an operator wrote has reached the platform, or the customer. */
  | { kind: "delivered"; ref: string }
  /** Another case was merged into this one. */
  | {
      kind: "merged";
      from: number;
      by: string;
      customer: string;
      channel: string;
      until: TranscriptMark;
      waitingSince: string | null;
    }
  /** There is no case `into` that this one could go on in. */
  | { kind: "unmerged"; into: number }
  /** The customer of a merged case wrote there; `files` are fetched from that channel. */
  | {
      kind: "elsewhere";
      from: number;
      channel: string;
      author: string;
      text: string;
      files?: readonly Attachment[];
    }
  /** A part could not be delivered, or it is unknown whether it was. `desk`: it was for the desk, not for the customer. */
  | { kind: "undelivered"; outbox: number; desk?: boolean; ref?: string; outcome: "failed" | "parked"; says: string }
  /** A reply was not sent, because a person had taken over meanwhile. */
  | { kind: "dropped"; outbox: number; says: string };

export interface From {
  address: string;
  displayName: string;
  trust: Trust;
  contact: Contact;
}

export type Event = Facts & Happening;
