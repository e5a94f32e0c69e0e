import { cardOf, withCard } from "./card.ts";
import type { TransitionContext } from "./context.ts";
import type { Outcome } from "./outcome.ts";

/** Turns a finished transition into its outcome, with the card first where the case has changed. */
export function finish(draft: TransitionContext): Outcome {
  const card = draft.cardChanged ? cardOf(draft) : null;
  return {
    state: draft.state,
    asks: draft.asks,
    tells: card === null ? draft.tells : withCard(draft.tells, card),
    alarms: [...draft.alarms.values()],
    cancelled: [...draft.cancelled],
    audits: draft.audits,
    relays: draft.relays,
    cutOff: draft.cutOff,
    lines: draft.lines,
  };
}
