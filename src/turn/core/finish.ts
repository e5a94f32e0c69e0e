import { cardOf, withCard } from "./case-card.ts";
import type { TransitionContext } from "./context.ts";
import type { TransitionOutcome } from "./outcome.ts";

/** Turns a finished transition into its outcome, with the card first where the case has changed. */
export function finish(context: TransitionContext): TransitionOutcome {
  const card = context.cardChanged ? cardOf(context) : null;
  return {
    state: context.state,
    asks: context.asks,
    tells: card === null ? context.tells : withCard(context.tells, card),
    alarms: [...context.alarms.values()],
    cancelled: [...context.cancelled],
    audits: context.audits,
    relays: context.relays,
    cutOff: context.cutOff,
    lines: context.lines,
  };
}
