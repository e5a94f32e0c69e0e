/** Everything that can happen to a conversation. A row of the journal before and after it was handled. */
import type { DeskCommand, Trust } from "../../channel/inbound.ts";
import type { Operator } from "../../domain/case.ts";
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
  /** An operator did something at the desk. */
  | { kind: "operator"; operator: Operator; command: DeskCommand }
  /** A part could not be delivered, or it is unknown whether it was. `desk`: it was for the desk, not for the customer. */
  | { kind: "undelivered"; outbox: number; desk?: boolean; outcome: "failed" | "parked"; says: string }
  /** A reply was not sent, because a person had taken over meanwhile. */
  | { kind: "dropped"; outbox: number; says: string };

export interface From {
  address: string;
  displayName: string;
  trust: Trust;
  contact: Contact;
}

export type Event = Facts & Happening;
