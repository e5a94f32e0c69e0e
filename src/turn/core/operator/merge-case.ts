import type { DeskCommand } from "../../../adapter/inbound.ts";
import { mergeQuestion } from "../../../domain/case.ts";
import { customerLabel } from "../../../domain/customer-name.ts";
import { mergeCase } from "../case/merge.ts";
import type { TransitionContext } from "../context.ts";
import type { Event } from "../event.ts";
import { settlePending } from "../outgoing/send.ts";
import type { CaseState } from "../state.ts";
import { openCaseOrRefuse, recordDecision, refuse } from "./guards.ts";
import { mayWork } from "./members.ts";

type OperatorEvent = Extract<Event, { kind: "operator" }>;

/**
 * Merges this case into another. The operator has to work in the queues of both, and to confirm the names where the two
 * cases are of two people.
 */
export function onMerge(
  context: TransitionContext,
  event: OperatorEvent,
  wanted: Extract<DeskCommand, { kind: "merge" }>,
): void {
  const { operator } = event;
  const open = openCaseOrRefuse(context, operator);
  if (open === null) return;
  const reason = mergeObstacle(context, event, { open, ...wanted });
  if (reason !== null) return refuse(context, operator, reason);
  settlePending(context);
  mergeCase(context, operator, wanted.into);
  const message = `${operator.name} merged this case into case ${wanted.into}`;
  recordDecision(context, operator, { action: "merge", before: open, message });
}

/** Reason why the case can't be merged there, and what to do; null: it can. */
function mergeObstacle(
  context: TransitionContext,
  event: OperatorEvent,
  { open, into, twoPeople }: { open: CaseState; into: number; twoPeople?: true | undefined },
): string | null {
  const { holder } = open;
  if (holder !== null && holder.id !== event.operator.id)
    return `${holder.name} holds this case, so only ${holder.name} can merge it.`;
  if (into === context.conversation) return "A case can't be merged into itself.";
  const other = event.into ?? null;
  // The same text for both reasons, so that it does not reveal cases in other queues.
  if (other === null || !mayWork(context, event, other.queue))
    return `There is no case ${into} in a queue in which you work, so nothing was merged.`;
  if (other.mergedInto !== null) return `Case ${into} was merged into case ${other.mergedInto}: choose that one.`;
  if (other.contact === context.state.contact.id || twoPeople === true) return null;
  return `${mergeQuestion(customerLabel(context.state.contact), other.customer)} Nothing was merged: choose “Merge into another case” again, and confirm it there.`;
}
