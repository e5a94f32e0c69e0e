/** Cases that operators begin: by writing first, or about somebody's message. */

import type { DeskCommand } from "../../../adapter/inbound.ts";
import { own } from "../../../lib/own.ts";
import { isHeld } from "../bot-policy.ts";
import { openCase, SILENT_HANDOFF } from "../case/open.ts";
import { change, changeCase, line, type TransitionContext, tellDesk } from "../context.ts";
import type { Event } from "../event.ts";
import { isNote } from "../outgoing/note-mark.ts";
import { optedOutReason } from "../outgoing/opted-out.ts";
import { replyFromDialog } from "../outgoing/send.ts";

import { assignCase, takeOver } from "./assignment.ts";
import { recordAudit, refuse } from "./guards.ts";
import { mayWork, newCaseQueue } from "./members.ts";

type OperatorEvent = Extract<Event, { kind: "operator" }>;
type Start = Extract<DeskCommand, { kind: "start" }>;
type Open = Extract<DeskCommand, { kind: "open" }>;

/** An operator writes first: the conversation begins as a case that they hold. */
export function onStart(context: TransitionContext, event: OperatorEvent, wanted: Start): void {
  const { operator } = event;
  setContact(context, event);
  if (wanted.text.trim() === "") return refuse(context, operator, "There is nothing to send.");
  if (isNote(wanted.text))
    return refuse(context, operator, `It begins with a note mark, so it was not sent: ${wanted.text}`);
  const reason = startObstacle(context, event, wanted);
  if (reason !== null) return refuse(context, operator, `${reason}. It was not sent: ${wanted.text}`);
  if (context.state.optedOut !== null)
    return refuse(context, operator, `Not sent: ${optedOutReason(context)} You had written: ${wanted.text}`);
  if (!isHeld(context.state)) {
    openCase(context, { ...SILENT_HANDOFF, queue: wanted.queue, reason: `${operator.name} wrote first` });
  }
  if (context.state.case?.holder === null) assignCase(context, operator, "claim");
  replyFromDialog(context, operator, wanted.text);
}

/** Sets the contact of a conversation that has none yet. */
function setContact(context: TransitionContext, { contact }: OperatorEvent): void {
  if (contact !== undefined && context.state.contact.id === 0) change(context, { contact });
}

/**
 * Reason why they can't write first; null: they can. Checked here, where it is known whether there is a case and who
 * holds it.
 */
function startObstacle(context: TransitionContext, event: OperatorEvent, wanted: Start): string | null {
  const { state, catalog } = context;
  const { operator } = event;
  const open = isHeld(state) ? state.case : null;
  const queue = open?.queue ?? wanted.queue;
  if (!mayWork(context, event, queue)) {
    const title = `“${own(catalog.live.queues, queue)?.title ?? queue}”`;
    return open === null
      ? `You are not in the queue ${title}`
      : `This customer has a case in ${title}, where you do not work`;
  }
  if (open === null || open.holder === null || open.holder.id === operator.id) return null;
  return `${open.holder.name} holds a case with this customer`;
}

/**
 * Opens a case about a message: the operator holds it, the thread quotes the message, and nobody is written to. The
 * channel authenticated the operator, not the author. A message of a known conversation takes that one over instead.
 */
export function onOpen(context: TransitionContext, event: OperatorEvent, { quote }: Open): void {
  const { operator } = event;
  const { author, place, text } = quote;
  if (context.state.phase === "closed") return reopenAndClaim(context, event, `${operator.name} opened it again`);
  if (context.state.phase === "open") return takeOver(context, operator, newCaseQueue(context, event));
  setContact(context, event);
  const message = `${operator.name} opened a case about a message of ${author} in ${place}`;
  openCase(context, {
    ...SILENT_HANDOFF,
    queue: newCaseQueue(context, event),
    reason: message,
    summary: text === "" ? null : text,
  });
  // Its author does not wait for an answer.
  changeCase(context, { about: { author, place, told: false }, waitingSince: null });
  tellDesk(context, { kind: "note", author: `${author}, in ${place}`, text, internal: true });
  line(context, "desk.opened", message);
  recordAudit(context, operator, { action: "open", before: null, after: { place } });
  assignCase(context, operator, "claim");
}

function reopenAndClaim(context: TransitionContext, event: OperatorEvent, reason: string): void {
  openCase(context, { ...SILENT_HANDOFF, queue: context.state.case?.queue ?? newCaseQueue(context, event), reason });
  assignCase(context, event.operator, "claim");
}
