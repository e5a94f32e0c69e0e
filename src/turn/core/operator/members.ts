import { coversQueue, reachOf } from "../../../domain/reach.ts";
import { own } from "../../../lib/own.ts";
import type { TransitionContext } from "../context.ts";
import type { Event } from "../event.ts";

type Actor = Pick<Extract<Event, { kind: "operator" }>, "operator" | "queues" | "known">;

const staffing = ({ live }: TransitionContext["catalog"]) => ({
  queues: Object.values(live.queues),
  defaultQueue: live.defaultQueue,
});

/** True when the operator works in a queue (domain/reach.ts). */
export function mayWork(
  { catalog }: Pick<TransitionContext, "catalog">,
  { operator, queues }: Actor,
  queue: string,
): boolean {
  return coversQueue(reachOf(operator, queues, staffing(catalog)), queue);
}

/**
 * The operator's queue for a case that is in none yet: the default queue if they work there, else the first of theirs.
 */
export function newCaseQueue(
  { catalog }: Pick<TransitionContext, "catalog">,
  { operator, queues }: Actor,
): string | null {
  const mine = reachOf(operator, queues, staffing(catalog)).queues;
  return mine.find((id) => id === catalog.live.defaultQueue) ?? mine[0] ?? null;
}

/** Reason why the operator may not act, and what to do about it. `queue`: the queue in question; null: any queue. */
export function explainOutsider(
  { catalog }: Pick<TransitionContext, "catalog">,
  { known }: Actor,
  queue: string | null,
): string {
  const { queues } = catalog.live;
  const title = (id: string): string => `“${own(queues, id)?.title ?? id}”`;
  const wanted = queue === null ? Object.keys(queues) : [queue];
  const unknown = known === undefined ? [] : wanted.filter((id) => !known.includes(id));
  if (unknown.length === wanted.length && wanted.length > 0) {
    const which = queue === null ? "in any queue" : `in the queue ${title(queue)}`;
    return `Nobody can work ${which} yet: its members are not known. An admin can find out why with “frontdesk doctor”.`;
  }
  const where = queue === null ? "any queue" : `the queue ${title(queue)}`;
  return `You are not in ${where}, so this was not done. Ask someone who manages the queues to add you.`;
}
