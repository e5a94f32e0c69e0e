/**
 * A case about a message that was not written to us: an operator's act, addressed to nobody. The bot, workflows and our own
 * words stay away from its author until an operator replies; from then on it is a case like any other.
 */
import { change, type TransitionContext } from "./context.ts";
import type { CaseState } from "./state.ts";

/** Why nothing that speaks to its author can be done yet; null: it can. */
export function unwrittenReason({ about }: CaseState): string | null {
  if (about === null || about.told) return null;
  return `Nobody has written to ${about.author} yet, so only a person can: reply first, or resolve the case.`;
}

/** An operator wrote to the author: what the card said of that holds no more. */
export function recordFirstReply(context: TransitionContext): void {
  const open = context.state.case;
  if (open?.about == null || open.about.told) return;
  change(context, { case: { ...open, about: { ...open.about, told: true } } });
  context.cardChanged = true;
}
