/** The condition under which an operator may see a case, for all statements that look up cases. */
import type { Reach } from "../domain/reach.ts";

/**
 * Condition on the case `k`, as in domain/reach.ts. `first`: number of the first of its three parameters
 * (`reachParameters`).
 */
export const withinReach = (first: number): string =>
  `(k.queue = any($${first}::text[]) or $${first + 1}::boolean and not k.queue = any($${first + 2}::text[]))`;

export const reachParameters = ({ queues, rest, live }: Reach): [readonly string[], boolean, readonly string[]] => [
  queues,
  rest,
  live,
];
