/**
 * Access of operators to cases. Every desk and every desk statement asks here: an operator finds, lists, opens, merges
 * and changes only cases of queues in which they work.
 */
import type { Operator } from "./case.ts";
import type { Queue } from "./queue.ts";

/** Frontdesk itself, as the operator of its own actions. */
export const FRONTDESK: Operator = { id: "frontdesk", name: "Frontdesk" };

/**
 * Membership of a desk. `everyone`: all its users work in every queue that does not list its members. `listed`: only
 * the members that the desk's platform lists for each queue; an empty list means no one.
 */
export type Membership = "everyone" | "listed";

export interface Reach {
  /** Live queues in which the operator works. */
  queues: readonly string[];
  /** All live queues. */
  live: readonly string[];
  /** True when they also see cases of queues that are no longer live, which belong to the default queue. */
  rest: boolean;
}

/** The live queues with their members. */
interface Staffing {
  queues: readonly Pick<Queue, "id" | "members">[];
  /** null: no queue takes the cases of queues that are no longer live. */
  defaultQueue: string | null;
}

/** `works`: the queues in which the desk's platform lists the operator; null when membership is `everyone`. */
export function reachOf(operator: Operator, works: readonly string[] | null, o: Staffing): Reach {
  const live = o.queues.map(({ id }) => id);
  if (operator.id === FRONTDESK.id) return { queues: live, live, rest: true };
  const queues = o.queues.filter((queue) => (works === null ? isNamed(queue, operator) : works.includes(queue.id)));
  const ids = queues.map(({ id }) => id);
  return { queues: ids, live, rest: o.defaultQueue !== null && ids.includes(o.defaultQueue) };
}

/** True when the operator may see and work on the queue's cases. */
export const coversQueue = ({ queues, live, rest }: Reach, queue: string): boolean =>
  queues.includes(queue) || (rest && !live.includes(queue));

/** A queue that lists its members is theirs alone, also when membership is `everyone`. */
function isNamed({ members }: Pick<Queue, "members">, { id, name }: Operator): boolean {
  return isList(members) ? members.includes(id) || members.includes(name) : true;
}

const isList = (members: Queue["members"]): members is readonly string[] => Array.isArray(members);
