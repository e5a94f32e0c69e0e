/**
 * Reads events from rows of the journal. An unreadable row throws UnreadableEvent with the fault, and the turn
 * quarantines it (T12).
 */
import { z } from "zod";
import type { Event, Happening } from "./core/event.ts";
import { OPT_OUT, PAYLOADS } from "./journal-payloads.ts";
import { upgradePayload } from "./journal-upgrade.ts";

export interface EventRow {
  id: number;
  kind: string;
  payload: unknown;
  at: string;
}

export class UnreadableEvent extends Error {
  override readonly name = "UnreadableEvent";
}

/** Reads an event from its row, also from one that an earlier build wrote. Throws UnreadableEvent. */
export function readEvent({ id, kind, payload: stored, at }: EventRow): Event {
  if (!isKnownKind(kind)) throw new UnreadableEvent(`The journal's event ${id} is of the unknown kind “${kind}”`);
  try {
    const payload = upgradePayload(kind, stored);
    const optOut = OPT_OUT.parse(payload);
    return { id, at: new Date(at), ...optOut, ...PAYLOADS[kind].parse(payload) };
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const faults = z.prettifyError(error);
    throw new UnreadableEvent(`The journal's event ${id} of the kind “${kind}” can't be read: ${faults}`, {
      cause: error,
    });
  }
}

/** True for a kind of event that this program knows. */
export const isKnownKind = (kind: string): kind is Happening["kind"] => Object.hasOwn(PAYLOADS, kind);
