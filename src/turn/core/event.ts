/** Everything that can happen to a conversation; each event is a row of the journal. */
import type { CarrierWord } from "../../adapter/carrier-words.ts";
import type { DeskCommand, Trust } from "../../adapter/inbound.ts";
import type { CaseStatus, Operator, TranscriptMark } from "../../domain/case.ts";
import type { Contact } from "../../domain/contact.ts";
import type { Pace } from "../../domain/limits.ts";
import type { Attachment } from "../../domain/message.ts";
import type { CallResult } from "../../workflow/run.ts";

/** `first`: the first message beyond a limit; people are told of it. */
export type SenderPace = Pace & { first?: true };

interface Facts {
  id: number;
  /** The only clock of a transition (T10). */
  at: Date;
  /** Opt-out of its thread when the event came; left out where there was none, or the event belongs to no thread. */
  optOut?: KnownOptOut;
}

/** Times are ISO 8601. `endedAt`: when they opted in again; null while it holds. */
export interface KnownOptOut {
  at: string;
  word: string | null;
  ours: string | null;
  endedAt: string | null;
}

export type Happening =
  /**
   * The customer wrote. `pace`: number of messages from their address so far, over all conversations. `unsent`: the event
   * that caused the oldest part for their thread that had not reached the platform when they wrote; left out: all had.
   */
  | {
      kind: "message";
      message: number;
      text: string;
      attachments: readonly Attachment[];
      from: From;
      pace?: SenderPace;
      unsent?: number;
    }
  /** The customer pressed an option. */
  | {
      kind: "choice";
      message: number;
      text: string;
      promptId: string;
      optionId: string;
      from: From;
      pace?: SenderPace;
      unsent?: number;
    }
  /** The customer wrote a word that the carrier acts on. `ours`: our side that it is for, as people call it. */
  | {
      kind: CarrierWord;
      message: number;
      text: string;
      attachments: readonly Attachment[];
      ours: string;
      from: From;
    }
  /** An ask has its answer. `effect`: what it did outside; left out by files and by earlier builds. */
  | { kind: "answer"; ask: string; result: CallResult; effect?: OutsideEffect }
  /** An alarm came due. */
  | {
      kind: "alarm";
      alarm: string;
      /** The customer's latest message when nobody else set it off (U4); another one has come since: it is not due. */
      after?: number;
    }
  /** The customer changed or took back a message. `early`: before it was handled, so the change is already applied. */
  | { kind: "edit"; message: number; text: string; from: From; early?: true }
  | { kind: "delete"; message: number; from: From; early?: true }
  /** A message that the customer took back before it was handled. */
  | { kind: "withdrawn"; message: number }
  /** The platform told the customer's name, after their message was stored (I9). */
  | { kind: "named"; contact: Contact }
  /**
   * An operator gave a command at the desk. `queues`: queues they worked in at that time; null: everyone works in all.
   * `known`: queues whose members were known; left out where everyone works in all. `contact`: the person that `start`
   * or `open` is about. `into`: the case that `merge` names; null: there is none.
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
  /** An operator's words have reached the platform, or the customer. */
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
  /** The case `into` that this one was merged into does not exist. */
  | { kind: "unmerged"; into: number }
  /** The customer of a case merged into this one wrote; `files` are fetched from that channel. */
  | {
      kind: "elsewhere";
      from: number;
      channel: string;
      author: string;
      text: string;
      files?: readonly Attachment[];
    }
  /**
   * A part failed, or it is unknown whether it arrived. `desk`: it was for the desk, not for the customer. `optedOut`:
   * the platform refused it because the customer has opted out.
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
   * A part was not sent: a person had taken over, or the customer opted out. `brake`: its channel may send no more
   * today.
   */
  | { kind: "dropped"; outbox: number; ref?: string; reason: string; brake?: "channel" }
  /** A part that was reported as parked has turned out to be sent (E2). */
  | { kind: "arrived"; outbox: number; ref?: string };

/** The operation of an ask in an outside system. `write`: it changes something there. */
export interface OutsideEffect {
  /** The operation, as files name it ("crm.refund"). */
  operation: string;
  write: boolean;
}

/** Another case, as it stood when an operator wanted to merge one into it. */
export interface MergeTarget {
  queue: string;
  status: CaseStatus;
  mergedInto: number | null;
  /** The contact's id, and their name on the card. */
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

/** Id of the customer's message that this event is; null: it is none. */
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
    case "named":
    case "operator":
    case "delivered":
    case "merged":
    case "unmerged":
    case "elsewhere":
    case "undelivered":
    case "dropped":
    case "arrived":
      return null;
  }
}
