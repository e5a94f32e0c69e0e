/** Checks whether a dialog still applies to its case. Pure; runs before a dialog opens, and when it is submitted. */
import type { CaseCard, Operator } from "../../../../src/domain/case.ts";
import type { CaseDialog, DialogValue } from "../view/actions.ts";

export interface DialogUse {
  dialog: CaseDialog;
  operator: Operator;
}

/** Returns the reason why the dialog can't be used on this case, and what to do; null: it can. */
export function obstacle(card: CaseCard, { dialog, operator }: DialogUse): string | null {
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

/** The same answer for a missing case and one out of reach, so that nobody can probe for other people's cases. */
export const noSuchCase = (conversation: number | string): string =>
  `There is no case ${conversation} in a queue in which you work.`;

/** Describes a change of holder or queue since the dialog was opened; null: none. */
export function changeSince(card: CaseCard, seen: DialogValue["seen"], queueTitle: string): string | null {
  const holder = card.holder?.id ?? null;
  if (holder === seen.holder && card.queue === seen.queue) return null;
  const held = card.holder === null ? "Nobody holds this case now" : `${card.holder.name} holds this case now`;
  const where = card.queue === seen.queue ? "" : `, and it is in ${queueTitle}`;
  return `${held}${where}. Nothing was done: copy what you wrote, close this and open it again.`;
}
