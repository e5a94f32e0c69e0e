/**
 * Messages that came while a run waited for something else. They stay listed until a run, the next workflow or a person
 * takes them; no message ends as unread (U1).
 */
import { offer } from "../automation/triage.ts";
import { isHeld } from "../bot-policy.ts";
import { openCase } from "../case/open.ts";
import { change, line, type TransitionContext } from "../context.ts";
import type { Event } from "../event.ts";
import { foregroundRun } from "../runs.ts";
import { LAST_TEXT_MAX, UNREAD_MAX } from "../state.ts";
import type { Spoken } from "./prompt.ts";
import { openUnanswered } from "./unanswered.ts";

/**
 * Lists a message that the run at work does not wait for. `earlier` are the words that the run is about: its later texts and
 * calls go on reading those.
 */
export function keepForLater(context: TransitionContext, event: Spoken, earlier: string): void {
  line(context, "message.kept", "The workflow waits for something else; the message is read when it is done");
  const text = event.text.slice(0, LAST_TEXT_MAX).toWellFormed();
  const unread = [...context.state.unread, { message: event.message, text }];
  change(context, { unread, lastText: earlier });
  if (unread.length <= UNREAD_MAX) return;
  line(context, "message.many", `${unread.length} messages wait to be read, so a person takes over`);
  handOver(context, "The customer wrote a lot while the bot was busy");
}

/**
 * Changes a listed message as the customer changed it, or strikes it from the list when they took it back. Returns false for
 * one that is not listed.
 */
export function amendUnread(context: TransitionContext, event: Extract<Event, { kind: "edit" | "delete" }>): boolean {
  const { unread } = context.state;
  if (!unread.some(({ message }) => message === event.message)) return false;
  if (event.kind === "delete") {
    line(context, "message.delete", "The customer took back a message before it was read");
    change(context, { unread: unread.filter(({ message }) => message !== event.message) });
    return true;
  }
  line(context, "message.edit", "The customer changed a message before it was read");
  const text = event.text.slice(0, LAST_TEXT_MAX).toWellFormed();
  change(context, { unread: unread.map((one) => (one.message === event.message ? { ...one, text } : one)) });
  return true;
}

/**
 * Takes the listed messages up when no run holds the dialogue: as one, since they were written one after the other. What
 * no workflow takes goes to people.
 */
export function takeUnread(context: TransitionContext): void {
  const { unread, phase, optedOut } = context.state;
  if (unread.length === 0 || isBusy(context)) return;
  const text = unread.map((one) => one.text).join("\n");
  change(context, { unread: [], lastText: text.slice(0, LAST_TEXT_MAX).toWellFormed() });
  // People have the whole transcript.
  if (isHeld(context.state)) return;
  line(context, "message.taken", `Read what the customer had written meanwhile (${counted(unread.length)})`);
  if (optedOut !== null) return openUnanswered(context, "The customer opted out while their message was unread");
  if (phase !== "open") return handOver(context, "The customer had written something before this was closed");
  if (offer(context, { on: "message.received", payload: { text }, depth: 0 })) return;
  line(context, "triage.untaken", "No workflow takes this message");
  handOver(context, "No workflow takes this message");
}

const isBusy = (context: TransitionContext): boolean =>
  !isHeld(context.state) && (foregroundRun(context) !== null || context.state.prompt !== null);

const counted = (count: number): string => `${count} ${count === 1 ? "message" : "messages"}`;

function handOver(context: TransitionContext, reason: string): void {
  const facts = { queue: null, priority: "normal", escalation: "policy", summary: null, say: null } as const;
  openCase(context, { ...facts, reason, known: {}, words: "say" });
}
