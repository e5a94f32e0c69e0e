/** Everything that can happen to a conversation. A row of the journal before and after it was handled. */
import type { CarrierWord } from "../../adapter/carrier-words.ts";
import type { DeskCommand, Trust } from "../../adapter/inbound.ts";
import type { CaseStatus, Operator, TranscriptMark } from "../../domain/case.ts";
import type { Contact } from "../../domain/contact.ts";
import type { Pace } from "../../domain/limits.ts";
import type { Attachment } from "../../domain/message.ts";
import type { CallResult } from "../../workflow/run.ts";

/** `first`: the first beyond a limit, of which people are told. */
export type SenderPace = Pace & { first?: true };

interface Facts {
  id: number;
  /** The only clock that a transition knows (T10). */
  at: Date;
  /** An opt-out of its thread, as it was known when the event came; left out: there was none, or it is not of a thread. */
  optOut?: KnownOptOut;
}

/** Moments are ISO 8601. `endedAt`: when they opted in again; null while it holds. */
export interface KnownOptOut {
  at: string;
  word: string | null;
  ours: string | null;
  endedAt: string | null;
}

export type Happening =
  /** The customer wrote. `pace`: how much their address had written by then, over all its conversations. */
  | {
      kind: "message";
      message: number;
      text: string;
      attachments: readonly Attachment[];
      from: From;
      pace?: SenderPace;
    }
  /** The customer pressed an option. */
  | { kind: "choice"; message: number; text: string; promptId: string; optionId: string; from: From; pace?: SenderPace }
  /** The customer wrote a word that the carrier acts on; `ours`: the side of ours that it is for, as people call it. */
  | {
      kind: CarrierWord;
      message: number;
      text: string;
      attachments: readonly Attachment[];
      ours: string;
      from: From;
    }
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
   * An operator did something at the desk. `queues`: those they work in, as the desk knew when it came in; null: everyone
   * works there. `known`: the queues of which it knew who works in them; left out where everyone does. `contact`: with
   * `start` and `open`, whom it is about. `into`: with `merge`, the case that it names; null: there was none.
   */
  | {
      kind: "operator";
      operator: Operator;
      command: DeskCommand;
      queues: readonly string[] | null;
      known?: readonly string[];
      contact?: Contact;
      into?: MergeTarget | null;
    }
  /** Words of an operator's have reached the platform, or the customer. */
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
  /**
   * A part could not be delivered, or it is unknown whether it was. `desk`: it was for the desk, not for the customer.
   * `optedOut`: the platform refused it, because the customer has opted out.
   */
  | {
      kind: "undelivered";
      outbox: number;
      desk?: boolean;
      ref?: string;
      outcome: "failed" | "parked";
      reason: string;
      optedOut?: true;
    }
  /**
   * A part was not sent, because a person had taken over meanwhile, or the customer opted out; `reason` is why. `brake`:
   * its channel may send no more today.
   */
  | { kind: "dropped"; outbox: number; ref?: string; reason: string; brake?: "channel" };

/** Another case, as it stood when an operator wanted to merge one into it. */
export interface MergeTarget {
  queue: string;
  status: CaseStatus;
  mergedInto: number | null;
  /** The contact's id, and how the card calls them. */
  contact: number;
  customer: string;
}

export interface From {
  address: string;
  displayName: string;
  trust: Trust;
  contact: Contact;
}

export type Event = Facts & Happening;

/** The customer's message that this event is; null: it is none. */
export function spokenMessage(event: Event): number | null {
  switch (event.kind) {
    case "message":
    case "choice":
    case "opt_out":
    case "opt_in":
    case "help":
      return event.message;
    case "answer":
    case "alarm":
    case "edit":
    case "delete":
    case "withdrawn":
    case "operator":
    case "delivered":
    case "merged":
    case "unmerged":
    case "elsewhere":
    case "undelivered":
    case "dropped":
      return null;
  }
}
