/** Rows of what a transition tells customers and the desk. */
import { storedPartChange } from "../adapter/part.ts";
import { caseStream } from "../domain/case-stream.ts";
import { storedDeskPart } from "../domain/desk-part.ts";
import type { Catalog } from "./core/catalog.ts";
import type { Event } from "./core/event.ts";
import type { Tell, TransitionOutcome } from "./core/outcome.ts";
import type { Written } from "./empty-write.ts";

interface TellTarget {
  outcome: TransitionOutcome;
  catalog: Catalog;
  channel: string;
  thread: string;
}

/**
 * Adds the rows of tells: a customer tell becomes a message and one outbox row per part, a desk tell one row in the
 * case's stream.
 */
export function addTells(write: Written, event: Pick<Event, "id" | "at">, sent: TellTarget): void {
  let n = 0;
  const numbers = new Map<number, number>();
  for (const [at, tell] of sent.outcome.tells.entries()) {
    if (tell.kind === "desk") {
      write.outbox.push(deskRow(write.id, event.id, { n: n++, tell, sent, mirrored: numbers }));
      if (tell.part.kind === "card") write.card = tell.part.card;
      continue;
    }
    const { channel, thread } = sent;
    const { epoch } = sent.outcome.state;
    const where = { event: event.id, channel, thread, epoch };
    if (tell.kind === "channel") {
      write.outbox.push({
        ...where,
        n: n++,
        kind: "notice",
        message: null,
        content: storedPartChange(tell.part),
        dropped: null,
      });
      continue;
    }
    const message = n;
    numbers.set(at, message);
    const { author, authorName, text } = tell;
    write.messages.push({ event: event.id, n: message, author, authorName, text, at: event.at });
    const kind = tell.ref === null ? tell.kind : "relay";
    for (const part of tell.parts) write.outbox.push({ ...where, n: n++, kind, message, content: part, dropped: null });
    if (tell.parts.length === 0) n++;
  }
}

interface DeskRow {
  n: number;
  tell: Extract<Tell, { kind: "desk" }>;
  sent: TellTarget;
  mirrored: ReadonlyMap<number, number>;
}

function deskRow(conversation: number, event: number, { n, tell, sent, mirrored }: DeskRow) {
  const message = tell.mirrors === null ? null : (mirrored.get(tell.mirrors) ?? null);
  const { deskChannel: channel } = sent.catalog;
  const { epoch } = sent.outcome.state;
  return {
    event,
    n,
    channel,
    thread: caseStream(conversation),
    kind: "notice",
    epoch,
    message,
    content: storedDeskPart(tell.part),
    dropped: null,
  } as const;
}
