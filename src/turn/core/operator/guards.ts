/** Checks of operators' commands, and their ends: done, audited and shown, or refused with a reason. */

import type { Operator } from "../../../domain/case.ts";
import { own } from "../../../lib/own.ts";
import { hint, line, type TransitionContext, tellSystem } from "../context.ts";
import type { CaseState } from "../state.ts";

/** The open case; null after a refusal that says why there is none to act on. */
export function openCaseOrRefuse(context: TransitionContext, operator: Operator): CaseState | null {
  const open = context.state.case;
  if (context.state.phase === "closed") refuse(context, operator, "This case is closed.");
  else if (open === null || !open.held) refuse(context, operator, "The bot holds this conversation. Take over first.");
  else return open;
  return null;
}

/** The open case that this operator holds; null after a refusal that says who does. */
export function ownCaseOrRefuse(context: TransitionContext, operator: Operator): CaseState | null {
  const open = openCaseOrRefuse(context, operator);
  if (open === null || open.holder?.id === operator.id) return open;
  const reason =
    open.holder === null ? "Nobody has claimed this case. Claim it first." : `${open.holder.name} holds this case.`;
  refuse(context, operator, reason);
  return null;
}

export function refuse(context: TransitionContext, operator: Operator, reason: string): void {
  line(context, "desk.refused", `Not done for ${operator.name}: ${reason}`);
  hint(context, operator.id, reason);
}

export function recordDecision(
  context: TransitionContext,
  operator: Operator,
  o: { action: string; before: CaseState | null; message: string },
): void {
  line(context, `desk.${o.action}`, o.message);
  tellSystem(context, `${o.message}.`);
  recordAudit(context, operator, {
    action: o.action,
    before: auditedFacts(o.before),
    after: auditedFacts(context.state.case),
  });
}

export function recordAudit(
  context: TransitionContext,
  operator: Operator,
  o: { action: string; before: unknown; after: unknown },
): void {
  context.audits.push({ operator: operator.id, ...o });
}

/** A queue's title; its id where it is no longer live. */
export const queueTitle = ({ catalog }: TransitionContext, id: string): string =>
  own(catalog.live.queues, id)?.title ?? id;

const auditedFacts = (open: CaseState | null) =>
  open === null ? null : { queue: open.queue, status: open.status, holder: open.holder?.id ?? null, held: open.held };
