import type { Operator } from "../../../../src/domain/case.ts";
import type { Queue } from "../../../../src/domain/queue.ts";
import { oneLine } from "../view/words.ts";
import type { InteractionDeps } from "./interaction-deps.ts";
import type { RequestContext } from "./request-context.ts";

type StoreDeps = Pick<InteractionDeps, "store">;

/** Lists the live queues of an operator; none: they may not use the desk. */
export const queuesFor = ({ store }: StoreDeps, operator: Operator): Promise<Queue[]> => store.queuesOf(operator);

/** Lists the queues of the person who made a request; people of other workspaces have none. */
export const requesterQueues = (
  deps: StoreDeps,
  { operator, external }: Pick<RequestContext, "operator" | "external">,
) => (external ? Promise.resolve([]) : queuesFor(deps, operator));

const NOT_AT_THE_DESK =
  "This is for members of our queues, and you are in none. The person who manages the queues can add you.";

/** The most queues named in one answer. */
const MAX_NAMED = 3;
const MAX_CHARACTERS = 300;

/** Tells somebody without a queue why they can do nothing here, and what to do about it. */
export async function noAccessText(deps: StoreDeps): Promise<string> {
  const closed = await closedQueues(deps);
  if (closed.length === 0) return NOT_AT_THE_DESK;
  return closed.length < deps.store.queues().length
    ? `${NOT_AT_THE_DESK} ${closedQueuesText(closed)}`
    : closedQueuesText(closed);
}

interface ClosedQueue {
  title: string;
  reason: string;
}

/** Lists the live queues in which nobody can work, with the reason. */
export async function closedQueues({ store }: StoreDeps): Promise<ClosedQueue[]> {
  const known = new Map((await store.rosters()).map(({ queue, closed }) => [queue, closed]));
  return store.queues().flatMap(({ id, title, deskPlace }) => {
    const reason = known.get(id);
    if (reason === null) return [];
    const channel = deskPlace === null ? "it has no channel" : `its channel ${deskPlace} isn't known`;
    return { title, reason: reason ?? channel };
  });
}

/** Returns "Nobody can work in the queue Front line yet: its channel #support isn't known." and how to fix it. */
export function closedQueuesText(closed: readonly ClosedQueue[]): string {
  const reasons = closed
    .slice(0, MAX_NAMED)
    .map(({ title, reason }) => `Nobody can work in the queue ${title} yet: ${oneLine(reason, MAX_CHARACTERS)}.`);
  const more = closed.length > MAX_NAMED ? [`The same is true of ${closed.length - MAX_NAMED} more queues.`] : [];
  const fix = "An admin of Frontdesk can run “frontdesk doctor”, which tells how to fix it.";
  return [...reasons, ...more, fix].join(" ");
}

/** Returns a queue's title; its id if it is no longer live. */
export const titleOf = (queues: readonly Queue[], id: string): string =>
  queues.find((queue) => queue.id === id)?.title ?? id;
