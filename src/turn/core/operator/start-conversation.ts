/** Cases that begin with us: an operator writes first, or opens one about somebody's message. */

import type { DeskCommand } from "../../../adapter/inbound.ts";
import { own } from "../../../lib/own.ts";
import { openCase, UNTOLD } from "../case/open.ts";
import { change, changeCase, line, type TransitionContext, tellDesk } from "../context.ts";
import type { Event } from "../event.ts";
import { isNote } from "../outgoing/note-mark.ts";
import { unsentBecause } from "../outgoing/opted-out.ts";
import { replyFromDialog as sayToCustomer } from "../outgoing/send.ts";
import { isHeld } from "../policy.ts";

import { give, takeOver } from "./assignment.ts";
import { recordAudit, refuse } from "./guards.ts";
import { mayWork, ownQueue } from "./members.ts";

type Asked = Extract<Event, { kind: "operator" }>;
type Start = Extract<DeskCommand, { kind: "start" }>;
type Open = Extract<DeskCommand, { kind: "open" }>;

/** We write first: the conversation begins as a case that its starter holds. */
export function onStart(draft: TransitionContext, asked: Asked, wanted: Start): void {
  const { operator } = asked;
  meet(draft, asked);
  if (wanted.text.trim() === "") return refuse(draft, operator, "There is nothing to send.");
  if (isNote(wanted.text))
    return refuse(draft, operator, `It begins with a note mark, so it was not sent: ${wanted.text}`);
  const reason = unstartable(draft, asked, wanted);
  if (reason !== null) return refuse(draft, operator, `${reason}. It was not sent: ${wanted.text}`);
  if (draft.state.optedOut !== null)
    return refuse(draft, operator, `Not sent: ${unsentBecause(draft)} You had written: ${wanted.text}`);
  if (!isHeld(draft.state)) {
    openCase(draft, { ...UNTOLD, queue: wanted.queue, reason: `${operator.name} wrote first` });
  }
  if (draft.state.case?.holder === null) give(draft, operator, "claim");
  sayToCustomer(draft, operator, wanted.text);
}

/** Whom it is about, where nobody is known to be in the conversation yet. */
function meet(draft: TransitionContext, { contact }: Asked): void {
  if (contact !== undefined && draft.state.contact.id === 0) change(draft, { contact });
}

/** Why they can't write first; null: they can. Only here is it known whether there is a case, and whose. */
function unstartable(draft: TransitionContext, asked: Asked, wanted: Start): string | null {
  const { state, catalog } = draft;
  const { operator } = asked;
  const open = isHeld(state) ? state.case : null;
  const queue = open?.queue ?? wanted.queue;
  if (!mayWork(draft, asked, queue)) {
    const title = `“${own(catalog.live.queues, queue)?.title ?? queue}”`;
    return open === null
      ? `You are not in the queue ${title}`
      : `This customer has a case in ${title}, where you do not work`;
  }
  if (open === null || open.holder === null || open.holder.id === operator.id) return null;
  return `${open.holder.name} holds a case with this customer`;
}

/**
 * A case about a message: the operator holds it, the thread quotes the message, and nobody is written to. What the channel
 * vouched for was the operator, so nothing is vouched for of the author. Where the message belongs to a conversation that
 * we have, that is taken over instead.
 */
export function onOpen(draft: TransitionContext, asked: Asked, { quote }: Open): void {
  const { operator } = asked;
  const { author, place, text } = quote;
  if (draft.state.phase === "closed") return reopen(draft, asked, `${operator.name} opened it again`);
  if (draft.state.phase === "open") return takeOver(draft, operator, ownQueue(draft, asked));
  meet(draft, asked);
  const message = `${operator.name} opened a case about a message of ${author} in ${place}`;
  openCase(draft, { ...UNTOLD, queue: ownQueue(draft, asked), reason: message, summary: text === "" ? null : text });
  // Its author waits for nothing of ours.
  changeCase(draft, { about: { author, place, told: false }, waitingSince: null });
  tellDesk(draft, { kind: "note", author: `${author}, in ${place}`, text, internal: true });
  line(draft, "desk.opened", message);
  recordAudit(draft, operator, { action: "open", before: null, after: { place } });
  give(draft, operator, "claim");
}

function reopen(draft: TransitionContext, asked: Asked, reason: string): void {
  openCase(draft, { ...UNTOLD, queue: draft.state.case?.queue ?? ownQueue(draft, asked), reason });
  give(draft, asked.operator, "claim");
}
