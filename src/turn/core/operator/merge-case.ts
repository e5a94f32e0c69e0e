import type { DeskCommand } from "../../../adapter/inbound.ts";
import { mergeQuestion } from "../../../domain/case.ts";
import { customerLabel } from "../../../domain/customer-name.ts";
import { mergeCase } from "../case/merge.ts";
import type { TransitionContext } from "../context.ts";
import type { Event } from "../event.ts";
import { settleWords } from "../outgoing/send.ts";
import type { CaseState } from "../state.ts";
import { openOrHint, recordDecision, refuse } from "./guards.ts";
import { mayWork } from "./members.ts";

type Asked = Extract<Event, { kind: "operator" }>;

/**
 * An operator wants this case to go on in another one: theirs to see both, and, where the two are of two people, only when
 * they were asked about that by name.
 */
export function mergeInto(
  context: TransitionContext,
  asked: Asked,
  wanted: Extract<DeskCommand, { kind: "merge" }>,
): void {
  const { operator } = asked;
  const open = openOrHint(context, operator);
  if (open === null) return;
  const reason = unmergeable(context, asked, { open, ...wanted });
  if (reason !== null) return refuse(context, operator, reason);
  settleWords(context);
  mergeCase(context, operator, wanted.into);
  const message = `${operator.name} merged this case into case ${wanted.into}`;
  recordDecision(context, operator, { action: "merge", before: open, message });
}

/** Why it can't go on there, and what to do; null: it can. */
function unmergeable(
  context: TransitionContext,
  asked: Asked,
  { open, into, twoPeople }: { open: CaseState; into: number; twoPeople?: true | undefined },
): string | null {
  const { holder } = open;
  if (holder !== null && holder.id !== asked.operator.id)
    return `${holder.name} holds this case, so only ${holder.name} can merge it.`;
  if (into === context.conversation) return "A case can't be merged into itself.";
  const other = asked.into ?? null;
  // The same words for both: that there is one in another queue is nothing to be found out here.
  if (other === null || !mayWork(context, asked, other.queue))
    return `There is no case ${into} in a queue in which you work, so nothing was merged.`;
  if (other.mergedInto !== null) return `Case ${into} was merged into case ${other.mergedInto}: choose that one.`;
  if (other.contact === context.state.contact.id || twoPeople === true) return null;
  return `${mergeQuestion(customerLabel(context.state.contact), other.customer)} Nothing was merged: choose “Merge into another case” again, and say so there.`;
}
