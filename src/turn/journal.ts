/** Rows of the journal back to events. Every payload was written by our own statements, so a surprise here is a bug. */
import type { DeskCommand } from "../adapter/desk-command.ts";
import type { Operator } from "../domain/case.ts";
import type { Contact } from "../domain/contact.ts";
import type { Attachment } from "../domain/message.ts";
import type { Event, From, Happening, KnownOptOut, MergeTarget, SenderPace } from "./core/event.ts";

export interface EventRow {
  id: number;
  kind: string;
  payload: unknown;
  at: string;
}

interface Payload {
  message?: number | null;
  said?: Record<string, unknown> & { text?: string; from?: Omit<From, "contact"> };
  contact?: Omit<Contact, "first_name"> | null;
  queues?: readonly string[] | null;
  known?: readonly string[] | null;
  into?: MergeTarget | null;
  pace?: SenderPace;
  optOut?: KnownOptOut | null;
}

/** Throws where the row can't be an event; the turn then sets it aside (T12). */
export function readEvent(row: EventRow): Event {
  const { optOut } = row.payload as Payload;
  return { id: row.id, at: new Date(row.at), ...(optOut == null ? {} : { optOut: known(optOut) }), ...happening(row) };
}

/** Postgres writes moments in its own form. */
const known = ({ at, endedAt, ...rest }: KnownOptOut): KnownOptOut => ({
  ...rest,
  at: new Date(at).toISOString(),
  endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
});

function happening({ kind, payload }: EventRow): Happening {
  const { message, said, contact, queues = null, known, into = null, pace } = payload as Payload;
  switch (kind) {
    case "message":
    case "choice":
    case "opt_out":
    case "opt_in":
    case "help":
    case "edit":
    case "delete":
      return {
        kind,
        message,
        ...said,
        from: { ...said?.from, contact: named(contact) },
        ...(pace === undefined ? {} : { pace }),
      } as Happening;
    case "operator": {
      const whom = contact == null ? {} : { contact: named(contact) };
      const asked = said?.from === undefined ? said : saidAtDesk(said);
      return { kind, ...asked, queues, into, ...(known == null ? {} : { known }), ...whom } as Happening;
    }
    case "withdrawn":
    case "answer":
    case "alarm":
    case "undelivered":
    case "dropped":
    case "delivered":
    case "merged":
    case "unmerged":
    case "elsewhere":
      return { kind, ...(payload as object) } as Happening;
    default:
      throw new Error(`The journal holds an event of the unknown kind “${kind}”`);
  }
}

/** Text written in a case's thread is an operator's, without a word on whom it is for; the thread shows it already. */
function saidAtDesk(said: NonNullable<Payload["said"]>): { operator: Operator; command: DeskCommand } {
  const { address = "", displayName = "" } = said.from ?? {};
  const operator = { id: address, name: displayName || address };
  const { text = "", ref, amends, attachments = [], mentions } = said as unknown as Written;
  const named = mentions === true ? { mentions } : {};
  if (amends === "edit") return { operator, command: { kind: "edit", ref, text, ...named } };
  if (amends === "delete") return { operator, command: { kind: "delete", ref } };
  const files = attachments.length === 0 ? {} : { files: attachments };
  return { operator, command: { kind: "say", text, ref, shown: true, ...named, ...files } };
}

/** The part of it that inbound keeps (inbound/receive.ts). */
interface Written {
  text?: string;
  /** The platform's name for the message. */
  ref: string;
  amends?: "edit" | "delete";
  attachments?: Attachment[];
  mentions?: true;
}

function named(contact: Payload["contact"]): Contact {
  if (contact === null || contact === undefined) throw new Error("A customer's event without its contact");
  return { ...contact, first_name: contact.name.split(" ")[0] ?? "" };
}
