/** The condition under which an operator may see a case; every statement that looks cases up for one has it. */
import type { Reach } from "../domain/reach.ts";

/** Of the case `k`, as domain/reach.ts says it. `first`: the number of the first of three parameters, `reachParameters`. */
export const withinReach = (first: number): string =>
  `(k.queue = any($${first}::text[]) or $${first + 1}::boolean and not k.queue = any($${first + 2}::text[]))`;

export const reachParameters = ({ queues, rest, live }: Reach): [readonly string[], boolean, readonly string[]] => [
  queues,
  rest,
  live,
];
