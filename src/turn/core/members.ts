import type { Operator } from "../../domain/case.ts";
import type { Queue } from "../../domain/queue.ts";

/** Frontdesk itself, where it does what nobody asked for. */
export const FRONTDESK: Operator = { id: "frontdesk", name: "Frontdesk" };

/** Whether an operator works in a queue. `queues`: those they work in, as the desk knows; null: it does not know. */
export function mayWork(queue: Queue | undefined, operator: Operator, queues: readonly string[] | null): boolean {
  if (operator.id === FRONTDESK.id) return true;
  if (queue === undefined) return true;
  if (queues !== null) return queues.includes(queue.id);
  if (queue.members === "channel" || !Array.isArray(queue.members)) return true;
  return queue.members.includes(operator.id) || queue.members.includes(operator.name);
}
