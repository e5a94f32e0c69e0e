/**
 * A case that an operator opened about a message that was not written to us. The bot, workflows and the engine say
 * nothing to its author until an operator replies; from then on it is a case like any other.
 */
import { change, type TransitionContext } from "./context.ts";
import type { CaseState } from "./state.ts";

/** Reason why the bot can't write to the author yet; null: it can. */
export function unwrittenReason({ about }: CaseState): string | null {
  if (about === null || about.told) return null;
  return `Only a person may write to ${about.author} first: reply, or resolve the case.`;
}

/** Records that an operator has written to the author, and updates the card. */
export function recordFirstReply(context: TransitionContext): void {
  const open = context.state.case;
  if (open?.about == null || open.about.told) return;
  change(context, { case: { ...open, about: { ...open.about, told: true } } });
  context.cardChanged = true;
}
