import type { Operator } from "../../../src/domain/case.ts";
import type { Queue } from "../../../src/domain/queue.ts";
import type { FrontDeps } from "./front-deps.ts";

/**
 * The live queues that somebody works in; none: the desk is not theirs. While the desk knows of no place at all, queues
 * are open to everyone whom their members don't leave out, as they are to whoever handles what they ask.
 */
export async function queuesFor({ book }: Pick<FrontDeps, "book">, operator: Operator): Promise<Queue[]> {
  const [mine, places] = await Promise.all([book.queuesOf(operator.id), book.places()]);
  const live = book.queues();
  if (mine.length > 0 || places.length > 0) return live.filter(({ id }) => mine.includes(id));
  return live.filter(
    ({ members }) => !isList(members) || members.some((one) => [operator.id, operator.name].includes(one)),
  );
}

const isList = (members: Queue["members"]): members is readonly string[] => Array.isArray(members);

export const NOT_AT_THE_DESK =
  "This is for people who work in one of our queues, and you are in none. Whoever looks after the queues can add you.";

/** What a queue is called; its id where it is not live any more. */
export const titleOf = (queues: readonly Queue[], id: string): string =>
  queues.find((queue) => queue.id === id)?.title ?? id;
