/** The holder of a case: claiming, giving back, and release when the holder is gone. */
import type { Operator } from "../../../domain/case.ts";
import { FRONTDESK } from "../../../domain/reach.ts";
import { sentencesFor } from "../../../workflow/sentences/sentences.ts";
import { unwrittenReason } from "../about.ts";
import { restartIdleAlarms } from "../automation/idle.ts";
import { isHeld, isUnaddressed } from "../bot-policy.ts";
import { openCase } from "../case/open.ts";
import {
  BOT_NOTICE,
  change,
  changeCase,
  line,
  type TransitionContext,
  tellCustomer,
  transcriptMarkBefore,
} from "../context.ts";
import { languagesOf } from "../facts.ts";
import { settlePending } from "../outgoing/send.ts";
import { NO_TRAFFIC } from "../traffic.ts";
import { openCaseOrRefuse, ownCaseOrRefuse, queueTitle, recordDecision, refuse } from "./guards.ts";

export function claimCase(context: TransitionContext, operator: Operator): void {
  const open = openCaseOrRefuse(context, operator);
  if (open === null) return;
  if (open.holder?.id === operator.id) return refuse(context, operator, "You hold this case already.");
  if (open.holder !== null) return refuse(context, operator, `${open.holder.name} holds this case.`);
  assignCase(context, operator, "claim");
}

/** Makes this operator the holder; the bot's unsent replies are dropped (T8). */
export function assignCase(context: TransitionContext, operator: Operator, action: "claim" | "take_over"): void {
  const before = context.state.case;
  change(context, { epoch: context.state.epoch + 1 });
  changeCase(context, { holder: operator, status: "with us" });
  const done = action === "claim" ? "claimed the case" : "took over from the bot";
  recordDecision(context, operator, { action, before, message: `${operator.name} ${done}` });
}

export function unclaimCase(context: TransitionContext, operator: Operator): void {
  const before = ownCaseOrRefuse(context, operator);
  if (before === null) return;
  settlePending(context);
  changeCase(context, { holder: null, status: "new" });
  recordDecision(context, operator, {
    action: "unclaim",
    before,
    message: `${operator.name} gave the case back to ${queueTitle(context, before.queue)}`,
  });
}

/**
 * Takes over a conversation, also from the bot, which is silent at once. `queue`: a queue of the operator's, for a
 * conversation that has been in none.
 */
export function takeOver(context: TransitionContext, operator: Operator, queue: string | null): void {
  if (context.state.phase === "closed") return refuse(context, operator, "This conversation is closed.");
  if (isHeld(context.state)) return claimCase(context, operator);
  openCase(context, {
    queue: context.state.case?.queue ?? queue,
    priority: context.state.case?.priority ?? "normal",
    escalation: "policy",
    reason: `${operator.name} took over`,
    summary: context.state.case?.summary ?? null,
    say: null,
    known: context.state.runs.at(-1)?.values ?? {},
    words: "silent",
    reasonShown: true,
  });
  assignCase(context, operator, "take_over");
}

export function handBack(context: TransitionContext, operator: Operator): void {
  const before = ownCaseOrRefuse(context, operator);
  if (before === null) return;
  const unwritten = unwrittenReason(before);
  if (unwritten !== null) return refuse(context, operator, unwritten);
  settlePending(context);
  const left = { held: false, holder: null, waitingSince: null, shownUntil: transcriptMarkBefore(context) } as const;
  changeCase(context, { ...left, status: "with the bot" });
  // The operator has seen why the bot stopped, so its brakes are reset.
  change(context, { traffic: NO_TRAFFIC });
  restartIdleAlarms(context);
  recordDecision(context, operator, {
    action: "hand_back",
    before,
    message: `${operator.name} handed back to the bot`,
  });
  context.caused.push({ on: "conversation.handed_back", payload: { operator: operator.name }, depth: 1 });
}

/** Releases the case of an operator who is gone from the desk's platform. Only Frontdesk itself may do so. */
export function releaseCase(context: TransitionContext, operator: Operator, reason: string): void {
  if (operator.id !== FRONTDESK.id) return refuse(context, operator, "Only Frontdesk can do this.");
  unassign(context, context.state.case?.holder ?? operator, { reason, by: operator });
}

/** Returns the case to its queue; a waiting customer is told that somebody else will answer. */
export function unassign(
  context: TransitionContext,
  holder: Operator,
  { reason, by = holder }: { reason: string; by?: Operator },
): void {
  const before = context.state.case;
  if (before === null || !before.held || before.holder?.id !== holder.id) {
    return line(context, "desk.unheld", `${reason}, and does not hold this case`);
  }
  settlePending(context);
  changeCase(context, { holder: null, status: "new" });
  const message = `${reason}, so the case is back in ${queueTitle(context, before.queue)}`;
  recordDecision(context, by, { action: "release", before, message });
  if (before.waitingSince !== null && !isUnaddressed(context.state))
    tellCustomer(context, { text: sentencesFor(languagesOf(context.state.contact)).anotherColleague }, BOT_NOTICE);
}
