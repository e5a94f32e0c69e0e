/** Ends every act of an operator's: done, audited and shown, or refused and said to them. */

import type { Operator } from "../../../domain/case.ts";
import { own } from "../../../lib/own.ts";
import { hint, line, type TransitionContext, tellSystem } from "../context.ts";
import type { CaseState } from "../state.ts";

/** The open case, or a word to the operator about why there is none to act on. */
export function openOrHint(draft: TransitionContext, operator: Operator): CaseState | null {
  const open = draft.state.case;
  if (draft.state.phase === "closed") refuse(draft, operator, "This case is closed.");
  else if (open === null || !open.held) refuse(draft, operator, "The bot holds this conversation. Take over first.");
  else return open;
  return null;
}

/** The open case where this operator holds it; otherwise they are told who does. */
export function ownOrHint(draft: TransitionContext, operator: Operator): CaseState | null {
  const open = openOrHint(draft, operator);
  if (open === null || open.holder?.id === operator.id) return open;
  const reason =
    open.holder === null ? "Nobody has claimed this case. Claim it first." : `${open.holder.name} holds this case.`;
  refuse(draft, operator, reason);
  return null;
}

export function refuse(draft: TransitionContext, operator: Operator, reason: string): void {
  line(draft, "desk.refused", `Not done for ${operator.name}: ${reason}`);
  hint(draft, operator.id, reason);
}

export function recordDecision(
  draft: TransitionContext,
  operator: Operator,
  o: { action: string; before: CaseState | null; message: string },
): void {
  line(draft, `desk.${o.action}`, o.message);
  tellSystem(draft, `${o.message}.`);
  recordAudit(draft, operator, { action: o.action, before: brief(o.before), after: brief(draft.state.case) });
}

export function recordAudit(
  draft: TransitionContext,
  operator: Operator,
  o: { action: string; before: unknown; after: unknown },
): void {
  draft.audits.push({ operator: operator.id, ...o });
}

/** The name that people give a queue; its id where it is not live any more. */
export const queueTitle = ({ catalog }: TransitionContext, id: string): string =>
  own(catalog.live.queues, id)?.title ?? id;

const brief = (open: CaseState | null) =>
  open === null ? null : { queue: open.queue, status: open.status, holder: open.holder?.id ?? null, held: open.held };
