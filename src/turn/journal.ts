/** Rows of the journal back to events. Every payload was written by our own statements, so a surprise here is a bug. */
import type { Contact } from "../domain/contact.ts";
import type { Event, From, Happening } from "./core/event.ts";

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
}

/** Throws where the row can't be an event; the turn then sets it aside (T12). */
export function readEvent(row: EventRow): Event {
  return { id: row.id, at: new Date(row.at), ...happening(row) };
}

function happening({ kind, payload }: EventRow): Happening {
  const { message, said, contact } = payload as Payload;
  switch (kind) {
    case "message":
    case "choice":
      return { kind, message, ...said, from: { ...said?.from, contact: named(contact) } } as Happening;
    case "operator":
      return said?.from === undefined ? ({ kind, ...said } as Happening) : saidAtDesk(said);
    case "answer":
    case "alarm":
    case "undelivered":
    case "dropped":
      return { kind, ...(payload as object) } as Happening;
    default:
      throw new Error(`The journal holds an event of the unknown kind “${kind}”`);
  }
}

/** A message in a case's thread is an operator's, without a word on whom it is for. */
function saidAtDesk(said: NonNullable<Payload["said"]>): Happening {
  const { address = "", displayName = "" } = said.from ?? {};
  const operator = { id: address, name: displayName || address };
  return { kind: "operator", operator, command: { do: "say", text: said.text ?? "" } };
}

function named(contact: Payload["contact"]): Contact {
  if (contact === null || contact === undefined) throw new Error("A customer's event without its contact");
  return { ...contact, first_name: contact.name.split(" ")[0] ?? "" };
}
