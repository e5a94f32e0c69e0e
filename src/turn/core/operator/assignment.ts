/** The holder of a case: taking it, giving it back, and what becomes of it when its holder is gone. */
import type { Operator } from "../../../domain/case.ts";
import { FRONTDESK } from "../../../domain/reach.ts";
import { nobodyWritten } from "../about.ts";
import { watchSilence } from "../automation/idle.ts";
import { openCase } from "../case/open.ts";
import { BOT_NOTICE, change, changeCase, lettingGo, line, type TransitionContext, tellCustomer } from "../context.ts";
import { languagesOf } from "../facts.ts";
import { settleWords } from "../outgoing/send.ts";
import { isHeld, isUnaddressed } from "../policy.ts";
import { NO_TRAFFIC } from "../traffic.ts";
import { wordsFor } from "../words.ts";
import { openOrHint, ownOrHint, queueTitle, recordDecision, refuse } from "./guards.ts";

export function claimCase(draft: TransitionContext, operator: Operator): void {
  const open = openOrHint(draft, operator);
  if (open === null) return;
  if (open.holder?.id === operator.id) return refuse(draft, operator, "You hold this case already.");
  if (open.holder !== null) return refuse(draft, operator, `${open.holder.name} holds this case.`);
  give(draft, operator, "claim");
}

/** The case is this operator's; replies of the bot that have not left are not sent any more (T8). */
export function give(draft: TransitionContext, operator: Operator, action: "claim" | "take_over"): void {
  const before = draft.state.case;
  change(draft, { epoch: draft.state.epoch + 1 });
  changeCase(draft, { holder: operator, status: "with us" });
  const done = action === "claim" ? "claimed the case" : "took over from the bot";
  recordDecision(draft, operator, { action, before, message: `${operator.name} ${done}` });
}

export function unclaim(draft: TransitionContext, operator: Operator): void {
  const before = ownOrHint(draft, operator);
  if (before === null) return;
  settleWords(draft);
  changeCase(draft, { holder: null, status: "new" });
  recordDecision(draft, operator, {
    action: "unclaim",
    before,
    message: `${operator.name} gave the case back to ${queueTitle(draft, before.queue)}`,
  });
}

/**
 * From anywhere: also a conversation that the bot still holds becomes a case, and the bot is silent at once. `queue`: the
 * operator's own, for what has been in none yet, so that they can go on with what they took.
 */
export function takeOver(draft: TransitionContext, operator: Operator, queue: string | null): void {
  if (draft.state.phase === "closed") return refuse(draft, operator, "This conversation is closed.");
  if (isHeld(draft.state)) return claimCase(draft, operator);
  openCase(draft, {
    queue: draft.state.case?.queue ?? queue,
    priority: draft.state.case?.priority ?? "normal",
    escalation: "policy",
    reason: `${operator.name} took over`,
    summary: draft.state.case?.summary ?? null,
    say: null,
    known: draft.state.runs.at(-1)?.values ?? {},
    words: "silent",
    unsaid: true,
  });
  give(draft, operator, "take_over");
}

export function handBack(draft: TransitionContext, operator: Operator): void {
  const before = ownOrHint(draft, operator);
  if (before === null) return;
  const unwritten = nobodyWritten(before);
  if (unwritten !== null) return refuse(draft, operator, unwritten);
  settleWords(draft);
  const left = { held: false, holder: null, waitingSince: null, shownUntil: lettingGo(draft) } as const;
  changeCase(draft, { ...left, status: "with the bot" });
  // Whoever hands back has seen why the bot had stopped, so it begins anew.
  change(draft, { traffic: NO_TRAFFIC });
  watchSilence(draft);
  recordDecision(draft, operator, { action: "hand_back", before, message: `${operator.name} handed back to the bot` });
  draft.caused.push({ on: "conversation.handed_back", payload: { operator: operator.name }, depth: 1 });
}

/** Gone, as far as the desk's platform knows: only Frontdesk itself says so. */
export function releaseCase(draft: TransitionContext, operator: Operator, reason: string): void {
  if (operator.id !== FRONTDESK.id) return refuse(draft, operator, "Only Frontdesk can do this.");
  letGo(draft, draft.state.case?.holder ?? operator, { reason, by: operator });
}

/** Back to the queue, and the customer hears that somebody else goes on. */
export function letGo(
  draft: TransitionContext,
  holder: Operator,
  { reason, by = holder }: { reason: string; by?: Operator },
): void {
  const before = draft.state.case;
  if (before === null || !before.held || before.holder?.id !== holder.id) {
    return line(draft, "desk.unheld", `${reason}, and does not hold this case`);
  }
  settleWords(draft);
  changeCase(draft, { holder: null, status: "new" });
  const message = `${reason}, so the case is back in ${queueTitle(draft, before.queue)}`;
  recordDecision(draft, by, { action: "release", before, message });
  if (before.waitingSince !== null && !isUnaddressed(draft.state))
    tellCustomer(draft, { text: wordsFor(languagesOf(draft.state.contact)).anotherColleague }, BOT_NOTICE);
}
