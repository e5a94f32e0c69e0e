/**
 * Which cases an operator may see and work on. Every desk and every statement of the desk's asks here: whatever is found,
 * listed, opened, merged or changed is of a queue in which the operator works, or it is not there for them.
 */
import type { Operator } from "./case.ts";
import type { Queue } from "./queue.ts";

/** Frontdesk itself, where it does what nobody asked for. */
export const FRONTDESK: Operator = { id: "frontdesk", name: "Frontdesk" };

/**
 * Who works at a desk. `everyone`: whoever reaches it, in every queue that does not name its people. `listed`: those whom
 * the desk's platform names, queue by queue; as long as it has named nobody, nobody does.
 */
export type Membership = "everyone" | "listed";

export interface Reach {
  /** Live queues in which they work. */
  queues: readonly string[];
  /** All live queues. */
  live: readonly string[];
  /** Whether cases are theirs whose queue is not live any more: the default queue looks after those. */
  rest: boolean;
}

/** The live queues, as far as it matters to who works in them. */
interface Staffing {
  queues: readonly Pick<Queue, "id" | "members">[];
  /** null: no queue looks after what is left over. */
  defaultQueue: string | null;
}

/** `works`: the queues that the desk's platform names them in; null: at this desk everyone works. */
export function reachOf(operator: Operator, works: readonly string[] | null, o: Staffing): Reach {
  const live = o.queues.map(({ id }) => id);
  if (operator.id === FRONTDESK.id) return { queues: live, live, rest: true };
  const queues = o.queues.filter((queue) => (works === null ? isNamed(queue, operator) : works.includes(queue.id)));
  const ids = queues.map(({ id }) => id);
  return { queues: ids, live, rest: o.defaultQueue !== null && ids.includes(o.defaultQueue) };
}

/** Whether a queue's cases are within reach. */
export const coversQueue = ({ queues, live, rest }: Reach, queue: string): boolean =>
  queues.includes(queue) || (rest && !live.includes(queue));

/** A queue that names its people is theirs, also where the desk is everyone's. */
function isNamed({ members }: Pick<Queue, "members">, { id, name }: Operator): boolean {
  return isList(members) ? members.includes(id) || members.includes(name) : true;
}

const isList = (members: Queue["members"]): members is readonly string[] => Array.isArray(members);
