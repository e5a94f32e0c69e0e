/** Whether something can be done with a case as it stands. Pure; asked before a dialog opens, and before it is taken. */
import type { CaseCard, Operator } from "../../../../src/domain/case.ts";
import type { CaseDialog, DialogValue } from "../view/actions.ts";

export interface Asking {
  dialog: CaseDialog;
  operator: Operator;
}

/** Why not, and what to do; null: it can be done. */
export function obstacle(card: CaseCard, { dialog, operator }: Asking): string | null {
  const { conversation, holder, mergedInto } = card;
  if (mergedInto != null) return `Case ${conversation} was merged into case ${mergedInto}: go on there.`;
  if (card.status === "solved" && dialog !== "note") return `Case ${conversation} is closed.`;
  const needsCase = dialog === "reply" || dialog === "transfer" || dialog === "merge";
  if (card.status === "with the bot" && needsCase) return "The bot holds this conversation. Take over first.";
  if (dialog === "reply" && holder === null) {
    return "Nobody has claimed this case, so a reply would stay inside. Claim it first.";
  }
  const holdersOnly = dialog === "transfer" || dialog === "merge";
  if (holdersOnly && holder !== null && holder.id !== operator.id) {
    return `${holder.name} holds this case, so only ${holder.name} can do this.`;
  }
  return null;
}

/** One answer for both: which cases there are in other people's queues is nothing to be found out here. */
export const notYours = (conversation: number | string): string =>
  `There is no case ${conversation} in a queue in which you work.`;

/** What has changed since a dialog was opened; null: nothing that matters to what was decided in it. */
export function movedOn(card: CaseCard, seen: DialogValue["seen"], queueTitle: string): string | null {
  const holder = card.holder?.id ?? null;
  if (holder === seen.holder && card.queue === seen.queue) return null;
  const held = card.holder === null ? "Nobody holds this case now" : `${card.holder.name} holds this case now`;
  const where = card.queue === seen.queue ? "" : `, and it is in ${queueTitle}`;
  return `${held}${where}. Nothing was done: copy what you wrote, close this and open it again.`;
}
