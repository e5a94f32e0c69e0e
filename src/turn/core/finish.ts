import { cardOf, withCard } from "./case-card.ts";
import type { TransitionContext } from "./context.ts";
import type { TransitionOutcome } from "./outcome.ts";

/** Builds the outcome of a finished transition, with the card first where it has changed. */
export function finish(context: TransitionContext): TransitionOutcome {
  const card = context.cardChanged ? cardOf(context) : null;
  return {
    state: context.state,
    asks: context.asks,
    calledOff: [...context.calledOff],
    tells: card === null ? context.tells : withCard(context.tells, card),
    alarms: [...context.alarms.values()],
    cancelled: [...context.cancelled],
    audits: context.audits,
    relays: context.relays,
    cutOff: context.cutOff,
    lines: context.lines,
  };
}
